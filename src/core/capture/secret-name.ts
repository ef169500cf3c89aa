/** What stands in the place of a secret, so that it stays visible that something was there. */
export const REDACTED = '[redacted]';

const names = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'key',
  'auth',
  'pwd',
  'passwd',
  'jwt',
  'session',
  'sessionid',
  'xamzcredential',
]);
const endings = [
  'apikey',
  'accesskey',
  'subscriptionkey',
  'privatekey',
  'token',
  'secret',
  'password',
  'signature',
  'credentials',
];

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

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
