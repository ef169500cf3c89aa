import { describe, expect, it } from 'vitest';
import { headerLines, parseHeaderLines } from '../../../src/renderer/toolbar/header-lines.ts';

describe('headers as text', () => {
  it('are unchanged after formatting and parsing', () => {
    const headers = [
      { name: 'Accept', value: 'text/event-stream' },
      { name: 'X-Empty', value: '' },
      { name: 'X-Colon', value: 'a: b' },
    ];
    expect(parseHeaderLines(headerLines(headers))).toEqual(headers.map(({ name, value }) => [name, value]));
  });

  it('are parsed as developer tools copy them: without pseudo-headers, with folded lines joined', () => {
    expect(parseHeaderLines(':authority: a.test\r\nAccept: */*\r\n\r\nX-Long: one\r\n  two\r\n')).toEqual([
      ['Accept', '*/*'],
      ['X-Long', 'one two'],
    ]);
  });

  it('are rejected if a line is not a header', () => {
    expect(parseHeaderLines('Accept: */*\nwhat is this')).toBeNull();
    expect(parseHeaderLines('two words: x')).toBeNull();
  });
});
