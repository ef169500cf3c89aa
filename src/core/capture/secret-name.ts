/** What stands in the place of a secret, so that it stays visible that something was there. */
export const REDACTED = '[redacted]';

/*
 * The one list of names that stand for a secret: of header fields, cookies, parameters and members of JSON. Storing,
 * exporting and following a redirect to another origin all ask it. A name is compared without case, separators and
 * digits at its end: `X-Api-Key`, `api_key` and `apiKey2` are one.
 */

/** What a secret's name ends with, however its words are joined. */
const secretEnding =
  /(?:authorization|authentication|auth|token|secrets?|pass(?:word|wd|phrase|code)s?|pwd|signature|credentials?|cookies?|jwt|bearer|dpop|wsse|session|sess(?:ion)?id|oidcdata)$/;

/** Several tokens may be a count, or what a model counts in. */
const secretTokens = /(?:access|api|auth|bearer|id|refresh|secret|session)tokens$/;

/** Keys that open something, however the words are joined. */
const credentialKey =
  /(?:access|account|admin|anthropic|api|app|application|auth|bot|client|connection|consumer|customer|deepl|deploy|deployment|encryption|functions?|gateway|host|integration|license|master|openai|org|organization|private|project|secret|security|server|service|session|shared|signing|ssh|storage|subscription|team|user|virtual|workspace|write)keys?$/;

/** Words that name a secret where they come last, and are too short to be looked for inside a word. */
const secretWords = new Set(['assertion', 'hmac', 'otp', 'pass', 'pat', 'sid', 'ticket', 'totp']);

/** A key with one of these words before it opens nothing. */
const harmlessKey =
  /(?:cache|column|dedup|deduplication|foreign|group|hash|idempotency|index|lookup|map|object|order|partition|primary|public|range|routing|row|shard|sort|surrogate|websocket)keys?$/;

/** Names that end like a secret's and never stand for one. */
const harmlessNames = new Set(['accesscontrolallowcredentials']);

/** Names that stand for a secret in a header or a query, and in JSON for anything: a cursor, a model's signature. */
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

/** Names that stand for a secret in a query, and for something harmless elsewhere (`code` of an error). */
const parameterNames = new Set(['code', 'sig']);

/** Whether a parameter of a query, a fragment or a form of that name holds a secret. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || parameterNames.has(plain(name));
}

/**
 * Whether a header field or a cookie of that name holds a secret: Authorization, Cookie, `X-Api-Key`, `X-DeepL-Key`,
 * `access_token`, PHPSESSID and the like, however they are spelled.
 */
export function isSecretName(name: string): boolean {
  const last = lastWord(name);
  return isNamedSecret(name, last) || (/^keys?$/.test(last) && !harmlessKey.test(plain(name)));
}

/**
 * Whether a member of JSON of that name holds a secret. Narrower than `isSecretName`: JSON has keys and tokens of other
 * kinds (`prompt_cache_key`, `next_page_token`).
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

/** Characters of a name that are looked at: its end decides. */
const longest = 200;
