/** A parsed JSON text. Numbers may have lost digits: `GrowingScalar` has the exact text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A parsed JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Whether a JSON value is an array. `Array.isArray` alone would make a read-only one `any[]`. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object, not an array or null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A member of untrusted JSON; undefined if the value is not an object or has no such member. This function and the next
 * ones accept any shape and never throw. They read own members only: `__proto__` is a key like any other.
 */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A member that is an object, else null. */
export function objectMember(value: JsonValue | undefined, key: string): JsonObject | null {
  const found = member(value, key);
  return isJsonObject(found) ? found : null;
}

/** A member that is a string, else null. */
export function stringMember(value: JsonValue | undefined, key: string): string | null {
  const found = member(value, key);
  return typeof found === 'string' ? found : null;
}

/** A member that is an index (an integer from 0), else null. */
export function indexMember(value: JsonValue | undefined, key: string): number | null {
  const found = member(value, key);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

/** A member that is an array, else an empty array. */
export function arrayMember(value: JsonValue | undefined, key: string): readonly JsonValue[] {
  const found = member(value, key);
  return isJsonArray(found) ? found : [];
}
