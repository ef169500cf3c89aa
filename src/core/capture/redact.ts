import { type HeaderList, headerValues } from '../headers.ts';
import { assertNever } from '../assert-never.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type {
  CaptureError,
  CaptureHeader,
  CaptureRecord,
  CaptureRequest,
  EndRecord,
  NoteRecord,
  ResponseRecord,
} from './record.ts';
import { redactJson } from './redact-json.ts';
import { redactParameters, redactText, redactUrl } from './redact-text.ts';
import { isSecretMember, isSecretName, REDACTED } from './secret-name.ts';

/*
 * Secrets are redacted in what is stored and exported, unless the user decides otherwise: in header fields, in URLs
 * (user, password, query) wherever they occur, in notes and errors. In a request body, the parameters of an HTML form,
 * and in a JSON text the members with secret names and the URLs and credentials in strings. Everything else in a body
 * stays. A response body is kept byte for byte, even if it repeats a secret. Redaction is idempotent.
 */

/** Fields of notes that have a URL. It may be relative, and then it looks like other text. */
const urlFields = new Set(['from', 'to', 'url']);

/** A capture's header without secrets. */
export function redactHeader(header: CaptureHeader): CaptureHeader {
  return { ...header, request: redactRequest(header.request), ...redactExtra(header.extra) };
}

/** A request without secrets. */
export function redactRequest(request: CaptureRequest): CaptureRequest {
  const { url, headers, body } = request;
  const isForm = headerValues(headers, 'content-type').some((value) =>
    value.toLowerCase().includes('x-www-form-urlencoded'),
  );
  return {
    ...request,
    url: redactUrl(url),
    headers: redactHeaders(headers),
    ...(body === undefined ? {} : { body: redactBody(body, isForm) }),
    ...redactExtra(request.extra),
  };
}

/** JSON is recognised by its beginning: clients often send it as plain text, and curl -d as a form. */
function redactBody(body: string, isForm: boolean): string {
  const redacted = /^\s*[[{]/.test(body) ? redactJson(body) : body;
  return isForm && !isJson(body) ? redactParameters(redacted) : redacted;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A record without secrets. Chunks are returned unchanged. */
export function redactRecord(record: CaptureRecord): CaptureRecord {
  switch (record.kind) {
    case 'chunk':
      return record;
    case 'response':
      return redactResponse(record);
    case 'note':
      return redactNote(record);
    case 'end':
      return redactEnd(record);
    default:
      return assertNever(record);
  }
}

/** Header fields without secrets, in the same order. The scheme of an Authorization field stays. */
export function redactHeaders(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, redactHeaderValue(name, value)] as const);
}

function redactHeaderValue(name: string, value: string): string {
  if (isSecretName(name)) {
    if (value === '') return value;
    const scheme = /^(Bearer|Basic|Digest|Negotiate|Token|ApiKey|DPoP|AWS4-HMAC-SHA256) +/i.exec(value);
    return scheme === null ? REDACTED : scheme[0] + REDACTED;
  }
  switch (name.toLowerCase()) {
    case 'location':
    case 'content-location':
    case 'referer':
      return redactUrl(value);
    default:
      return redactText(value);
  }
}

function redactResponse(record: ResponseRecord): ResponseRecord {
  return {
    ...record,
    headers: redactHeaders(record.headers),
    ...(record.url === undefined ? {} : { url: redactUrl(record.url) }),
    ...redactExtra(record.extra),
  };
}

function redactNote(record: NoteRecord): NoteRecord {
  const fields = Object.entries(record.fields).map(([name, value]): [string, JsonValue] => [
    name,
    urlFields.has(name) && typeof value === 'string' ? redactUrl(value) : redactMember(name, value),
  ]);
  return { ...record, fields: Object.fromEntries(fields) };
}

function redactEnd(record: EndRecord): EndRecord {
  const error: { error?: CaptureError } =
    record.error === undefined
      ? {}
      : { error: { ...record.error, message: redactText(record.error.message) } };
  return { ...record, ...error, ...redactExtra(record.extra) };
}

function redactExtra(extra: JsonObject | undefined): { extra?: JsonObject } {
  return extra === undefined ? {} : { extra: redactObject(extra) };
}

function redactObject(object: JsonObject): JsonObject {
  // `Object.fromEntries` defines members, so `__proto__` stays a member.
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, redactMember(name, value)]));
}

function redactMember(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return value !== '' && isSecretName(name) ? REDACTED : redactValue(value);
  return isSecretMember(name) ? withoutStrings(value) : redactValue(value);
}

/** Redacts every string of a secret with several parts: `credentials: {user, pass}`. */
function withoutStrings(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value === '' ? value : REDACTED;
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutStrings(each)]));
  }
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(withoutStrings) : value;
}

function redactValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (isJsonObject(value)) return redactObject(value);
  if (!Array.isArray(value)) return value;
  const items = value as readonly JsonValue[];
  const [name, text] = items;
  // A header field as a pair.
  if (items.length === 2 && typeof name === 'string' && typeof text === 'string') {
    return [name, redactHeaderValue(name, text)];
  }
  return items.map(redactValue);
}
