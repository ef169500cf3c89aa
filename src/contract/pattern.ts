/** A regular expression, or why the text is not one. */
export type Pattern =
  | { readonly kind: 'pattern'; readonly expression: RegExp }
  /** `reason` is a sentence for the user. */
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Compiles the text of a filter as JavaScript's `/text/` (with `i` where case does not matter). Without the `u` flag, so
 * that people who search JSON can type `{` and `\"` as they are. Only compiles: run it where it can be stopped.
 */
export function compilePattern(text: string, caseSensitive: boolean): Pattern {
  try {
    return { kind: 'pattern', expression: new RegExp(text, caseSensitive ? '' : 'i') };
  } catch (error) {
    return { kind: 'invalid', reason: reasonOf(error) };
  }
}

/** V8 says `Invalid regular expression: /TEXT/FLAGS: Reason`; the text is on the screen already. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const reason = /^.*\/[a-z]*: (.+)$/s.exec(message)?.[1];
  return reason === undefined
    ? 'Invalid regular expression.'
    : `Invalid regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`;
}
