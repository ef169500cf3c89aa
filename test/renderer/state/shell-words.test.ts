import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../src/renderer/state/shell-words.ts';

describe('the words of a command line', () => {
  it('are separated by white space and by continued lines', () => {
    expect(shellWords('curl  -N\thttp://a \\\n  -H x')).toEqual(['curl', '-N', 'http://a', '-H', 'x']);
    expect(shellWords('curl \\\r\n a')).toEqual(['curl', 'a']);
  });

  it('contain quoted parts, and adjacent quotes form one word', () => {
    expect(shellWords(`a 'b c' "d e" f'g'"h"`)).toEqual(['a', 'b c', 'd e', 'fgh']);
    expect(shellWords(`''`)).toEqual(['']);
  });

  it('contain a literal backslash only within single quotes', () => {
    expect(shellWords(`'a\\nb' "a\\"b\\x" a\\ b`)).toEqual(['a\\nb', 'a"b\\x', 'a b']);
    expect(shellWords(`'it'\\''s'`)).toEqual(["it's"]);
  });

  it('contain the decoded escapes of $’…’', () => {
    expect(shellWords(`$'line\\nnext \\u00e9 \\x41 \\' \\\\'`)).toEqual(["line\nnext é A ' \\"]);
  });

  it('are null if a quote is not closed', () => {
    for (const open of [`'a`, `"a`, `$'a`, `a "b' c`]) expect(shellWords(open)).toBeNull();
  });
});
