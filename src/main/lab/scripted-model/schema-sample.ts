import type { JsonValue } from '../../../core/json/json-value.ts';

/** Deeper schemas are cut off. `$ref` is not followed. */
const deepest = 12;

/**
 * Makes a value that fits a JSON Schema, for the arguments of a tool call. Supports `type`, `enum`, `const`, `properties`,
 * `items` and `default`. A string contains the name of its property.
 */
export function sampleFor(schema: unknown, name = 'value', depth = 0): JsonValue {
  if (!isRecord(schema) || depth > deepest) return null;
  for (const given of [schema['const'], schema['default']]) if (isJson(given)) return given;
  for (const list of [schema['enum'], schema['examples']]) {
    const first: unknown = Array.isArray(list) ? list[0] : undefined;
    if (isJson(first)) return first;
  }
  for (const list of [schema['anyOf'], schema['oneOf'], schema['allOf']]) {
    if (Array.isArray(list) && list.length > 0) return sampleFor(list[0], name, depth + 1);
  }
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'string':
      return `scripted ${name}`;
    case 'integer':
      return typeof schema['minimum'] === 'number' ? Math.ceil(schema['minimum']) : 42;
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 4.2;
    case 'boolean':
      return true;
    case 'array':
      return [sampleFor(schema['items'] ?? { type: 'string' }, name, depth + 1)];
    case 'object':
    case undefined: {
      const properties = schema['properties'];
      if (!isRecord(properties)) return {};
      // `fromEntries` defines properties, so `__proto__` is an ordinary one.
      return Object.fromEntries(
        Object.entries(properties)
          .slice(0, 100)
          .map(([key, of]) => [key, sampleFor(of, key, depth + 1)]),
      );
    }
    default:
      return null;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The request body was parsed from JSON, so anything but `undefined` is JSON. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}
