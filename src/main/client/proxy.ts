import { isIP } from 'node:net';
import { type HeaderList, firstHeaderValue } from '../../core/headers.ts';
import { ClientError } from './client-error.ts';

/** The environment variables that name proxies. */
export type ProxyEnvironment = { readonly [name: string]: string | undefined };

/** A proxy from the environment. */
export interface Proxy {
  readonly url: URL;
  /** Value of the Proxy-Authorization header field; null if the proxy's URL has no user. */
  readonly authorization: string | null;
}

/**
 * The proxy that the environment names for a URL, or null for a direct connection. Lower-case names take precedence, as
 * in curl. Loopback addresses never use a proxy, as in browsers.
 * @throws ClientError `BAD_PROXY` if the environment does not name an http or https proxy.
 */
export function proxyFor(url: URL, environment: ProxyEnvironment): Proxy | null {
  if (isLoopback(url.hostname) || isExcepted(url, variable(environment, 'no_proxy'))) return null;
  const scheme = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const named = variable(environment, scheme) || variable(environment, 'all_proxy');
  if (named === '') return null;
  const text = named.includes('://') ? named : `http://${named}`;
  if (!URL.canParse(text)) throw new ClientError('BAD_PROXY', `${scheme} is not a URL.`);
  const proxy = new URL(text);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new ClientError(
      'BAD_PROXY',
      `${scheme} names a ${proxy.protocol}// proxy; only http and https proxies are supported.`,
    );
  }
  return { url: proxy, authorization: basicAuthorization(proxy) };
}

/** The Authorization value for the user and password in a URL ([spec] RFC 7617); null if it has none. */
export function basicAuthorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Percent-decodes, and returns malformed text unchanged: a password may contain a literal "%". */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function variable(environment: ProxyEnvironment, name: string): string {
  return (environment[name] ?? environment[name.toUpperCase()] ?? '').trim();
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}

/** Whether NO_PROXY covers a URL. Its entries are names, optionally with a leading dot or "*.", and with a port. */
function isExcepted(url: URL, noProxy: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = url.hostname.toLowerCase();
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entryPort !== undefined && entryPort !== port) return false;
    const suffix = name.replace(/^\*?\./, '');
    return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
  });
}

/** Header fields to add for a forward proxy: the host, and the proxy's credentials. */
export function proxyHeaders(url: URL, headers: HeaderList, authorization: string | null): HeaderList {
  const host: HeaderList = firstHeaderValue(headers, 'host') === null ? [['Host', url.host]] : [];
  return authorization === null ? host : [...host, ['Proxy-Authorization', authorization]];
}
