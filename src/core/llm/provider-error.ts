import { isJsonObject, type JsonValue, member, objectMember, stringMember } from '../json/json-value.ts';
import type { LlmEvent } from './assembly.ts';

/** Code units kept of an error without a message. */
const MOST_TEXT = 1000;

/**
 * The error that a payload reports in any of the shapes that providers use (`{"error": {message, type, code}}`,
 * `{"error": "…"}`, `{"type": "error", …}`), in the provider's words, or null.
 */
export function providerError(value: JsonValue | undefined): string | null {
  const nested = objectMember(value, 'error');
  if (nested !== null) {
    const kind = stringMember(nested, 'type') ?? codeOf(nested) ?? stringMember(nested, 'status');
    const message = stringMember(nested, 'message') ?? JSON.stringify(nested).slice(0, MOST_TEXT);
    return kind === null || message.includes(kind) ? message : `${kind}: ${message}`;
  }
  const text = stringMember(value, 'error');
  if (text !== null && text !== '') return text;
  if (member(value, 'type') === 'error') {
    const code = codeOf(value);
    const message = stringMember(value, 'message') ?? 'an error without a message';
    return code === null ? message : `${code}: ${message}`;
  }
  return null;
}

/** The error that an event reports: in its payload, or by its type `error` with any data. */
export function eventError({ type, value, text, sentinel }: LlmEvent): string | null {
  const error = providerError(value);
  if (error !== null || type !== 'error' || sentinel) return error;
  if (typeof value === 'string') return value;
  const message = stringMember(value, 'message') ?? stringMember(value, 'detail');
  return message ?? (isJsonObject(value) ? JSON.stringify(value) : text).slice(0, MOST_TEXT);
}

/** The message of the problem for an error. */
export function errorSentence(error: string): string {
  return `The stream carries an error: ${error}`;
}

function codeOf(value: JsonValue | undefined): string | null {
  const code = member(value, 'code');
  return typeof code === 'number' ? String(code) : stringMember(value, 'code');
}
