import { describe, expect, it } from 'vitest';
import { jsonHint } from '../../../src/renderer/toolbar/json-hint.ts';

describe('the hint under the body', () => {
  it('says nothing of an empty body, or of one that is not meant as JSON', () => {
    expect(jsonHint('  ', 'application/json')).toBeNull();
    expect(jsonHint('a=1&b=2', null)).toBeNull();
    expect(jsonHint('<x/>', 'text/xml')).toBeNull();
  });

  it('confirms JSON, and reminds of the content type where it is missing', () => {
    expect(jsonHint('{"a":1}', 'application/json')).toEqual({ ok: true, message: 'Valid JSON' });
    expect(jsonHint('{"a":1}', null)).toMatchObject({ ok: true });
    expect(jsonHint('{"a":1}', null)?.message).toContain('Content-Type');
  });

  it('places the first mistake by line and column', () => {
    expect(jsonHint('{\n  "a": 1,\n  b: 2\n}', null)).toEqual({
      ok: false,
      message: 'Not JSON at line 3, column 3',
    });
  });

  it('says when the body ends too early', () => {
    expect(jsonHint('{"a": [1, 2', null)?.ok).toBe(false);
    expect(jsonHint('{"a":', null)?.message).toBe('Not JSON: it ends too early');
  });
});
