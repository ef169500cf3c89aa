/**
 * Ends a `switch` over a tagged union. It does not compile while a case is missing, and throws for a value outside the
 * union (a bug, never bad input).
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
