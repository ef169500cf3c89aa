import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../src/renderer/state/shell-words.ts';

describe('the words of a command line', () => {
  it('are set apart by white space, and by lines continued with a backslash', () => {
    expect(shellWords('curl  -N\thttp://a \\\n  -H x')).toEqual(['curl', '-N', 'http://a', '-H', 'x']);
    expect(shellWords('curl \\\r\n a')).toEqual(['curl', 'a']);
  });

  it('hold what quotes keep together, and quotes side by side are one word', () => {
    expect(shellWords(`a 'b c' "d e" f'g'"h"`)).toEqual(['a', 'b c', 'd e', 'fgh']);
    expect(shellWords(`''`)).toEqual(['']);
  });

  it('take a backslash literally between single quotes only', () => {
    expect(shellWords(`'a\\nb' "a\\"b\\x" a\\ b`)).toEqual(['a\\nb', 'a"b\\x', 'a b']);
    expect(shellWords(`'it'\\''s'`)).toEqual(["it's"]);
  });

  it('hold the escapes of $’…’', () => {
    expect(shellWords(`$'line\\nnext \\u00e9 \\x41 \\' \\\\'`)).toEqual(["line\nnext é A ' \\"]);
  });

  it('are none where a quote is left open', () => {
    for (const open of [`'a`, `"a`, `$'a`, `a "b' c`]) expect(shellWords(open)).toBeNull();
  });
});
