/** A JSON text as `JSON.parse` gives it. Numbers may have lost digits: `GrowingScalar` has the exact text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A JSON object as `JSON.parse` gives it. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Whether a JSON value is an array. `Array.isArray` alone would make a read-only one `any[]`. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a JSON value is an object: no array, not null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads members of JSON that came from outside. What is missing, null or of another kind is undefined (or null, or
 * empty): a stream that is not shaped as documented is looked at, never trusted. Only own members count, so that
 * `__proto__` is a key as any other.
 */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Null for anything but an object. */
export function objectMember(value: JsonValue | undefined, key: string): JsonObject | null {
  const found = member(value, key);
  return isJsonObject(found) ? found : null;
}

/** Null for anything but a string. */
export function stringMember(value: JsonValue | undefined, key: string): string | null {
  const found = member(value, key);
  return typeof found === 'string' ? found : null;
}

/** A whole number that is not negative, as indices are. */
export function indexMember(value: JsonValue | undefined, key: string): number | null {
  const found = member(value, key);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

/** Empty for anything but an array. */
export function arrayMember(value: JsonValue | undefined, key: string): readonly JsonValue[] {
  const found = member(value, key);
  return isJsonArray(found) ? found : [];
}
