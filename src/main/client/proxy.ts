import { isIP } from 'node:net';
import { type HeaderList, firstHeaderValue } from '../../core/headers.ts';
import { ClientError } from './client-error.ts';

/** The environment variables that name proxies. */
export type ProxyEnvironment = { readonly [name: string]: string | undefined };

/** A proxy from the environment. */
export interface Proxy {
  readonly url: URL;
  /** Value of a Proxy-Authorization header field; null where the proxy's URL names no user. */
  readonly authorization: string | null;
}

/**
 * The proxy that the environment names for a URL, or null for a direct connection. Lower-case names win, as
 * in curl. This machine itself is never reached through a proxy, as in browsers: the lab and development servers are here.
 * @throws ClientError `BAD_PROXY` where the environment names something that is no http(s) proxy.
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

/** The Authorization value for the user and password in a URL ([spec] RFC 7617); null where it has none. */
export function basicAuthorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Percent-decodes, and leaves alone what is not well-formed: a lone "%" in a password is a character. */
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

/** Whether NO_PROXY (names, with or without a leading dot or "*.", and a port if it matters) covers a URL. */
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

/** A forward proxy needs the host in so many words, and its own credentials. */
export function proxyHeaders(url: URL, headers: HeaderList, authorization: string | null): HeaderList {
  const host: HeaderList = firstHeaderValue(headers, 'host') === null ? [['Host', url.host]] : [];
  return authorization === null ? host : [...host, ['Proxy-Authorization', authorization]];
}
