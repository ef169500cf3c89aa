/** What stands in the place of a secret, so that it stays visible that something was there. */
export const REDACTED = '[redacted]';

const names = new Set([
  'cookie',
  'setcookie',
  'key',
  'pwd',
  'passwd',
  'jwt',
  'session',
  'sessionid',
  'xamzcredential',
]);
const endings = [
  'authorization',
  'auth',
  'apikey',
  'authkey',
  'adminkey',
  'customerkey',
  'functionskey',
  'masterkey',
  'secretkey',
  'virtualkey',
  'accesskey',
  'subscriptionkey',
  'privatekey',
  'token',
  'secret',
  'password',
  'passphrase',
  'signature',
  'credentials',
];

/** Names that stand for a secret in headers and queries, and in a JSON body for anything: a cursor, a model's signature. */
const harmlessMembers = new Set(['key', 'auth', 'session', 'sessionid', 'signature', 'thoughtsignature']);
const harmlessTokens =
  /(?:page|next|sync|cursor|continuation|eos|bos|pad|unk|stop|start|special|mask|sep|cls)token$/;

/** Names that stand for a secret in a query, and for something harmless elsewhere (`code` of an error). */
const parameterNames = new Set(['code', 'sig']);

/** Whether a parameter of a query, a fragment or a form of that name holds a secret. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || parameterNames.has(plain(name));
}

/**
 * Whether a header field, a cookie or a member of that name holds a secret: Authorization, Cookie, `x-api-key`,
 * `api_key`, `access_token`, `sig` and the like, however they are spelled.
 */
export function isSecretName(name: string): boolean {
  const text = plain(name);
  return names.has(text) || endings.some((ending) => text.endsWith(ending));
}

/** Whether a member of a JSON body of that name, whose value is a string, holds a secret. */
export function isSecretMember(name: string): boolean {
  const text = plain(name);
  return isSecretName(name) && !harmlessMembers.has(text) && !harmlessTokens.test(text);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
