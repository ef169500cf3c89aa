import type { Filter } from '../../contract/lane.ts';
import { compilePattern } from '../../contract/pattern.ts';
import { Refusal } from '../../contract/refusal.ts';

/** The text part of a filter. */
export type TextMatch = PlainText | UserPattern;

/**
 * Plain text is compared letter by letter. Ignoring case, an ASCII letter matches only ASCII letters, so that ASCII text can
 * be searched in undecoded bytes.
 */
interface PlainText {
  readonly kind: 'plain';
  /** Whether it is in another text. */
  readonly isIn: (text: string) => boolean;
  /** Calls `hit` with offsets of possible matches in bytes; null if the search needs decoded text. */
  readonly inBytes: ((bytes: Buffer, hit: (offset: number) => void) => void) | null;
}

/** A regular expression of the user. It may never end: run it only where it can be stopped. */
interface UserPattern {
  readonly kind: 'pattern';
  readonly expression: RegExp;
}

/** Null for a filter without text. Throws a `bad-pattern` refusal. */
export function textMatchOf(filter: Filter): TextMatch | null {
  const { text, caseSensitive = false } = filter;
  if (text === undefined || text === '') return null;
  if (filter.pattern === true) {
    const pattern = compilePattern(text, caseSensitive);
    if (pattern.kind === 'invalid') throw new Refusal('bad-pattern', pattern.reason);
    return pattern;
  }
  const expression = new RegExp(
    text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`),
    caseSensitive ? 'g' : 'gi',
  );
  const isIn = caseSensitive
    ? (other: string) => other.includes(text)
    : (other: string) => {
        expression.lastIndex = 0;
        return expression.test(other);
      };
  return {
    kind: 'plain',
    isIn,
    inBytes: /^[\x20-\x7e]+$/.test(text) ? (bytes, hit) => scan(expression, bytes, hit) : null,
  };
}

/** Finds every match in bytes read as Latin-1, which for ASCII are the same as in decoded text. */
function scan(expression: RegExp, bytes: Buffer, hit: (offset: number) => void): void {
  const text = bytes.toString('latin1');
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    hit(match.index);
    // Matches may overlap.
    expression.lastIndex = match.index + 1;
  }
}
