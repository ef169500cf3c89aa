import { member, objectMember, stringMember } from '../json/json-access.ts';
import type { JsonValue } from '../json/json-value.ts';

/**
 * The error that a payload reports in any of the shapes that providers use (`{"error": {message, type, code}}`,
 * `{"error": "…"}`, `{"type": "error", …}`), as one sentence; null where it reports none.
 */
export function providerError(value: JsonValue | undefined): string | null {
  const nested = objectMember(value, 'error');
  if (nested !== null) {
    const kind =
      stringMember(nested, 'type') ?? stringMember(nested, 'code') ?? stringMember(nested, 'status');
    const message = stringMember(nested, 'message') ?? JSON.stringify(nested).slice(0, 1000);
    return kind === null || message.includes(kind) ? message : `${kind}: ${message}`;
  }
  const text = stringMember(value, 'error');
  if (text !== null) return text;
  if (member(value, 'type') === 'error') {
    const code = stringMember(value, 'code');
    const message = stringMember(value, 'message') ?? 'an error without a message';
    return code === null ? message : `${code}: ${message}`;
  }
  return null;
}
