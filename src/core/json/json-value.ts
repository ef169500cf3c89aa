/** A JSON text as `JSON.parse` gives it. Numbers may have lost digits: see `JsonNode` for the exact text. */
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
