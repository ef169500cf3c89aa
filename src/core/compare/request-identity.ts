import type { JsonValue } from '../json/json-value.ts';

/**
 * Kinds of members that describe the request and so differ between requests:
 * - `id`: an identifier of the request, the response or a part of it; or a signature over them.
 * - `time`: when something happened.
 * - `duration`: how long the provider took.
 * - `padding`: bytes that hide the length of a token.
 */
export type IdentityKind = 'id' | 'time' | 'duration' | 'padding';

const kinds = new Map<string, IdentityKind>(
  Object.entries({
    id: 'id',
    _id: 'id',
    uuid: 'id',
    item_id: 'id',
    response_id: 'id',
    responseid: 'id',
    request_id: 'id',
    requestid: 'id',
    message_id: 'id',
    messageid: 'id',
    call_id: 'id',
    tool_call_id: 'id',
    toolcallid: 'id',
    tool_use_id: 'id',
    trace_id: 'id',
    traceid: 'id',
    span_id: 'id',
    session_id: 'id',
    system_fingerprint: 'id',
    sequence_number: 'id',
    signature: 'id',
    thoughtsignature: 'id',
    encrypted_content: 'id',
    obfuscation: 'padding',
    padding: 'padding',
    created: 'time',
    created_at: 'time',
    createdat: 'time',
    createtime: 'time',
    completed_at: 'time',
    started_at: 'time',
    updated_at: 'time',
    expires_at: 'time',
    timestamp: 'time',
    time: 'time',
    ts: 'time',
    // Ollama, in nanoseconds.
    total_duration: 'duration',
    load_duration: 'duration',
    eval_duration: 'duration',
    prompt_eval_duration: 'duration',
    // Groq, in its usage.
    queue_time: 'duration',
    prompt_time: 'duration',
    completion_time: 'duration',
    total_time: 'duration',
    // llama.cpp, in its timings.
    prompt_ms: 'duration',
    prompt_per_token_ms: 'duration',
    prompt_per_second: 'duration',
    predicted_ms: 'duration',
    predicted_per_token_ms: 'duration',
    predicted_per_second: 'duration',
  } satisfies Record<string, IdentityKind>),
);

/** What a member of this name may say about the request, or null. */
export function identityOfName(name: string): IdentityKind | null {
  return kinds.get(name.toLowerCase()) ?? null;
}

/**
 * Whether a value describes the request, given its name. In a model's stream the provider chose the names; elsewhere an
 * `id` can be content (a row of a table), so it must look generated.
 *
 * @param isModel the payload is in a known dialect
 */
export function isIdentity(kind: IdentityKind, value: JsonValue, isModel: boolean): boolean {
  switch (kind) {
    case 'id':
      return isModel || (typeof value === 'string' && looksDrawn(value));
    case 'padding':
      return isModel;
    case 'time':
      return looksLikeTime(value);
    case 'duration':
      return typeof value === 'number';
  }
}

/** Whether a text looks generated: a UUID, a long hexadecimal number, or 12 or more mixed letters and digits. */
function looksDrawn(text: string): boolean {
  if (text.length > 512) return false;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return true;
  return /^[\w.:~-]{12,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text);
}

/**
 * Whether a value that is constant in each of two streams, but different, describes the request. Else it may be the
 * name of a model or a setting, which is content.
 *
 * @param name of the member
 */
export function isConstantIdentity(name: string, value: JsonValue): boolean {
  if (looksLikeTime(value)) return true;
  if (typeof value !== 'string') return false;
  if (/^[0-9a-f-]{16,}$/i.test(value)) return true;
  return /(^|[_-])(id|uuid|guid|hash|token|nonce|fingerprint)$|Id$/i.test(name) && looksDrawn(value);
}

/** 2001-09-09 in seconds since 1970: later times, in seconds or smaller units, are greater. */
const LEAST_EPOCH = 1e9;

/** Whether a value is a point in time: ISO 8601 with a time of day, or seconds (or smaller units) since 1970. */
function looksLikeTime(value: JsonValue): boolean {
  if (typeof value === 'number') return value >= LEAST_EPOCH;
  if (typeof value !== 'string') return false;
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) || /^\d{10,19}(\.\d+)?$/.test(value);
}
