/** Why `pattern` is no regular expression (JavaScript's, with the `u` flag), as a sentence; null where it is one. */
export function patternProblem(pattern: string): string | null {
  try {
    // Only compiled: the host runs it.
    return new RegExp(pattern, 'u') instanceof RegExp ? null : '';
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const reason = message.split(': ').at(-1) ?? '';
    return `This is no regular expression${reason === '' ? '' : `: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`}.`;
  }
}
