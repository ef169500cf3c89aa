/**
 * Ends a `switch` over a tagged union: it does not compile while a case is missing, and throws if a value
 * from outside the union gets this far (a bug, never bad input).
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
