/** The text that replaces a secret: it shows that something was there. */
export const REDACTED = '[redacted]';

/*
 * The one list of secret names: header fields, cookies, parameters and members of JSON. Storage, export and redirects
 * to another origin use it. Names are compared without case, separators and digits at the end: `X-Api-Key`, `api_key`
 * and `apiKey2` are equal.
 */

/** Ends of secret names, however their words are joined. */
const secretEnding =
  /(?:authorization|authentication|auth|token|secrets?|pass(?:word|wd|phrase|code)s?|pwd|signature|credentials?|cookies?|jwt|bearer|dpop|wsse|session|sess(?:ion)?id|oidcdata)$/;

/** "Tokens" may be a count, or the units of a model. */
const secretTokens = /(?:access|api|auth|bearer|id|refresh|secret|session)tokens$/;

/** Keys that are credentials, however their words are joined. */
const credentialKey =
  /(?:access|account|admin|anthropic|api|app|application|auth|bot|client|connection|consumer|customer|deepl|deploy|deployment|encryption|functions?|gateway|host|integration|license|master|openai|org|organization|private|project|secret|security|server|service|session|shared|signing|ssh|storage|subscription|team|user|virtual|workspace|write)keys?$/;

/** Words that name a secret if they come last; too short to be matched inside a word. */
const secretWords = new Set(['assertion', 'hmac', 'otp', 'pass', 'pat', 'sid', 'ticket', 'totp']);

/** A key with one of these words before it is not a credential. */
const harmlessKey =
  /(?:cache|column|dedup|deduplication|foreign|group|hash|idempotency|index|lookup|map|object|order|partition|primary|public|range|routing|row|shard|sort|surrogate|websocket)keys?$/;

/** Names that end like a secret name but never are one. */
const harmlessNames = new Set(['accesscontrolallowcredentials']);

/** Names of secrets in a header or a query, which in JSON may mean anything: a cursor, a model's signature. */
const harmlessMembers = new Set([
  'assertion',
  'auth',
  'authentication',
  'hmac',
  'key',
  'pat',
  'session',
  'sessionid',
  'sid',
  'signature',
  'thoughtsignature',
  'ticket',
]);
const harmlessTokens =
  /(?:page|next|sync|cursor|continuation|eos|bos|pad|unk|stop|start|special|mask|sep|cls)token$/;

/** Names of secrets in a query that are harmless elsewhere (`code` of an error). */
const parameterNames = new Set(['code', 'sig']);

/** Whether a parameter of this name in a query, fragment or form has a secret. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || parameterNames.has(plain(name));
}

/**
 * Whether a header field or cookie of this name has a secret: Authorization, Cookie, `X-Api-Key`, `X-DeepL-Key`,
 * `access_token`, PHPSESSID and the like, however they are spelled.
 */
export function isSecretName(name: string): boolean {
  const last = lastWord(name);
  return isNamedSecret(name, last) || (/^keys?$/.test(last) && !harmlessKey.test(plain(name)));
}

/**
 * Whether a JSON member of this name has a secret. Narrower than `isSecretName`: JSON has other kinds of keys and
 * tokens (`prompt_cache_key`, `next_page_token`).
 */
export function isSecretMember(name: string): boolean {
  const text = plain(name);
  return isNamedSecret(name, lastWord(name)) && !harmlessMembers.has(text) && !harmlessTokens.test(text);
}

function isNamedSecret(name: string, last: string): boolean {
  const text = plain(name);
  if (harmlessNames.has(text)) return false;
  return (
    secretEnding.test(text) ||
    secretTokens.test(text) ||
    (credentialKey.test(text) && !harmlessKey.test(text)) ||
    secretWords.has(last)
  );
}

function plain(name: string): string {
  return name
    .slice(-longest)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/\d{1,9}$/, '');
}

/** `X-Consumer-Key`, `consumer_key` and `consumerKey` end with the word `key`. */
function lastWord(name: string): string {
  const words = name.slice(-longest).replace(/([a-z0-9])(?=[A-Z])/g, '$1 ');
  return /([a-z]+)[^a-z]*$/i.exec(words)?.[1]?.toLowerCase() ?? '';
}

/** Characters of a name that are compared: its end decides. */
const longest = 200;
