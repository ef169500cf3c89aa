import { request as httpRequest } from 'node:http';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTlsSocket } from 'node:tls';
import { ClientError } from './client-error.ts';
import { type Proxy, type ProxyEnvironment, proxyFor } from './proxy.ts';

/** Phases of a connection that are timed. */
type DialPhase = 'lookup' | 'connect' | 'tls';

export interface DialOptions {
  /** Accept any TLS certificate. */
  readonly insecure: boolean;
  readonly environment: ProxyEnvironment;
  /** ms until the connection must be established. */
  readonly timeout: number;
  readonly onPhase: (phase: DialPhase, ms: number, detail: string) => void;
}

/** An established connection. */
export interface Dialled {
  readonly socket: Socket;
  /**
   * The proxy that expects the request in absolute form ([spec] RFC 9112 §3.2.2); null on a direct connection and in a
   * tunnel.
   */
  readonly forwardProxy: Proxy | null;
}

/**
 * Connects to the host of `url`, through a proxy if the environment names one, and times each phase. Rejects with the
 * error of the phase that failed, or with the reason of `signal`; no socket is left open then.
 */
export async function dial(url: URL, options: DialOptions, signal: AbortSignal): Promise<Dialled> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(timedOut(url, options.timeout)), options.timeout);
  const stop = AbortSignal.any([signal, limit.signal]);
  try {
    const proxy = proxyFor(url, options.environment);
    if (proxy === null) {
      const socket = await connectTcp(url, options, stop);
      return { socket: isTls(url) ? await startTls(socket, url, options, stop) : socket, forwardProxy: null };
    }
    let socket = await connectProxy(proxy, options, stop);
    if (!isTls(url)) return { socket, forwardProxy: proxy };
    socket = await openTunnel(socket, url, proxy, stop);
    return { socket: await startTls(socket, url, options, stop), forwardProxy: null };
  } finally {
    clearTimeout(timer);
  }
}

async function connectProxy(proxy: Proxy, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  try {
    const socket = await connectTcp(proxy.url, options, signal);
    return isTls(proxy.url) ? await startTls(socket, proxy.url, options, signal) : socket;
  } catch (error) {
    if (signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ClientError('PROXY_UNREACHABLE', `The proxy ${proxy.url.host} cannot be reached: ${why}`);
  }
}

function connectTcp(url: URL, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  let began = performance.now();
  const socket = connectSocket({
    host: hostOf(url),
    port: portOf(url),
    noDelay: true,
    keepAlive: true,
    // Node's 250 ms per address are too short for distant hosts: it would give up and try the next address.
    autoSelectFamilyAttemptTimeout: 1000,
  });
  const addresses: string[] = [];
  socket.on('lookup', (error: Error | null, address: string) => {
    if (error !== null || addresses.push(address) > 1 || isIP(hostOf(url)) !== 0) return;
    const ms = performance.now() - began;
    began += ms;
    // Node emits one event per address in the same tick: wait, to list them together.
    queueMicrotask(() => options.onPhase('lookup', ms, `${hostOf(url)} is ${addresses.join(', ')}`));
  });
  return untilConnected(socket, 'connect', signal).then(() => {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const address = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
    options.onPhase('connect', performance.now() - began, `${address}:${remotePort}`);
    return socket;
  });
}

async function startTls(inner: Socket, url: URL, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  const began = performance.now();
  const host = hostOf(url);
  const socket = connectTlsSocket({
    socket: inner,
    host,
    // [spec] RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."
    servername: isIP(host) === 0 ? host : '',
    // Always set, so that NODE_TLS_REJECT_UNAUTHORIZED cannot weaken the connection.
    rejectUnauthorized: !options.insecure,
    ALPNProtocols: ['http/1.1'],
  });
  await untilConnected(socket, 'secureConnect', signal);
  const cipher = socket.getCipher().standardName;
  const doubt = socket.authorized
    ? ''
    : `, certificate accepted without verification: ${String(socket.authorizationError)}`;
  options.onPhase('tls', performance.now() - began, `${socket.getProtocol() ?? 'TLS'} ${cipher}${doubt}`);
  return socket;
}

/** Opens a tunnel through an HTTP proxy ([spec] RFC 9110 §9.3.6). */
function openTunnel(socket: Socket, url: URL, proxy: Proxy, signal: AbortSignal): Promise<Socket> {
  const authority = `${url.hostname}:${portOf(url)}`;
  const headers = {
    Host: authority,
    ...(proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization }),
  };
  return new Promise((resolve, reject) => {
    const connect = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers,
      signal,
      createConnection: () => socket,
    });
    connect.on('error', (error) => {
      socket.destroy();
      reject(signal.aborted ? signal.reason : error);
    });
    connect.on('connect', (response, _socket, head) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(proxyRefusal(status, authority, proxy));
    });
    connect.end();
  });
}

/** Explains a proxy's refusal to the user. */
function proxyRefusal(status: number, authority: string, proxy: Proxy): ClientError {
  const why = status === 407 ? 'it requires a user name and password' : `it responded with ${status}`;
  return new ClientError(
    'PROXY_REFUSED',
    `The proxy ${proxy.url.host} refused to connect to ${authority}: ${why}.`,
  );
}

/** Resolves when the socket is connected. Rejects and destroys it if that fails. */
function untilConnected(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Never removed: an error without a listener would be thrown.
    socket.on('error', () => undefined);
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose);
      finish();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const onAbort = (): void => fail(signal.reason);
    const onError = (error: Error): void => fail(error);
    const onClose = (): void =>
      fail(new ClientError('EMPTY_RESPONSE', 'The connection was closed while it was being established.'));
    socket.once(event, () => settle(resolve));
    socket.on('error', onError).on('close', onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

function timedOut(url: URL, ms: number): ClientError {
  return new ClientError('CONNECT_TIMEOUT', `No connection to ${url.host} within ${ms / 1000} s.`);
}

const isTls = (url: URL): boolean => url.protocol === 'https:';
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const portOf = (url: URL): number => (url.port === '' ? (isTls(url) ? 443 : 80) : Number(url.port));
