import { completeAddress } from '../../contract/complete-address.ts';
import { redactHeaders, redactRequest } from '../../core/capture/redact.ts';
import { REDACTED } from '../../core/capture/secret-name.ts';
import type { Draft, DraftHeader } from './draft.ts';

/*
 * What of a draft was entered for another server than the one that its address names now. It stays in the draft and is
 * marked. A secret is held back until the user says that it may go to this server too.
 */

/** What came from elsewhere: `marked` is sent, `held-back` is not. */
export type Foreign = 'marked' | 'held-back';

/** The origin of an address as typed; null where it names none yet. */
export function originOf(url: string): string | null {
  const address = completeAddress(url);
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return null;
  return new URL(address).origin;
}

/** Whether a header field was entered for another server; null where it was not. */
export function foreignHeader(header: DraftHeader, origin: string | null): Foreign | null {
  if (!isElsewhere(header.origin, origin) || header.value === '') return null;
  return isSecret(header) ? 'held-back' : 'marked';
}

/** The same for the body. */
export function foreignBody(
  { body, bodyOrigin, headers }: Pick<Draft, 'body' | 'bodyOrigin' | 'headers'>,
  origin: string | null,
): Foreign | null {
  if (body === '' || !isElsewhere(bodyOrigin, origin)) return null;
  return body.includes(REDACTED) || redactedBody(body, headers) !== body ? 'held-back' : 'marked';
}

/** The names of the header fields that would be sent, were they not held back. */
export function headersHeldBack({ url, headers }: Pick<Draft, 'url' | 'headers'>): readonly string[] {
  const origin = originOf(url);
  return headers
    .filter((header) => header.enabled && foreignHeader(header, origin) === 'held-back')
    .map(({ name }) => name.trim());
}

/** A body without its secrets. */
export function redactedBody(body: string, headers: readonly Pick<DraftHeader, 'name' | 'value'>[]): string {
  if (body === last.body && headers === last.headers) return last.redacted;
  const redacted = redactRequest({
    method: 'POST',
    url: '',
    client: 'raw',
    headers: headers.map(({ name, value }) => [name, value]),
    body,
  }).body;
  last = { body, headers, redacted: redacted ?? '' };
  return last.redacted;
}

/** The window asks for the same body with every key that is pressed. */
let last: {
  readonly body: string;
  readonly headers: readonly Pick<DraftHeader, 'name' | 'value'>[];
  readonly redacted: string;
} = { body: '', headers: [], redacted: '' };

/**
 * Notes for which server a changed value was entered. A body is written on: one with a secret from elsewhere stays so until
 * it is confirmed, or all of it is replaced.
 */
export function enteredFor(
  origin: string | null,
  { headers, body }: Partial<Draft>,
  before: Draft,
): Partial<Pick<Draft, 'headers' | 'bodyOrigin'>> {
  const values = new Map(before.headers.map(({ id, value }) => [id, value]));
  const isNew = ({ id, value, origin: known }: DraftHeader): boolean =>
    values.has(id) ? values.get(id) !== value : known === null;
  const stays = body !== '' && before.body !== '' && foreignBody(before, origin) === 'held-back';
  return {
    ...(headers === undefined
      ? {}
      : { headers: headers.map((header) => (isNew(header) ? { ...header, origin } : header)) }),
    ...(body === undefined || body === before.body || stays ? {} : { bodyOrigin: origin }),
  };
}

/** What was sent to a server belongs to it from now on; what was held back still does not. */
export function sentTo(
  origin: string | null,
  { headers, bodyOrigin }: Pick<Draft, 'headers' | 'bodyOrigin'>,
): Pick<Draft, 'headers' | 'bodyOrigin'> {
  const isSent = (header: DraftHeader): boolean =>
    header.enabled && foreignHeader(header, origin) !== 'held-back';
  return {
    headers: headers.map((header) => (isSent(header) ? { ...header, origin } : header)),
    bodyOrigin: origin ?? bodyOrigin,
  };
}

function isElsewhere(entered: string | null, origin: string | null): boolean {
  return entered !== null && origin !== null && entered !== origin;
}

function isSecret({ name, value }: DraftHeader): boolean {
  return value.includes(REDACTED) || redactHeaders([[name.trim(), value]])[0]?.[1] !== value;
}
