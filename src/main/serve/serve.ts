import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { dispatch } from '../../contract/dispatch.ts';
import { Refusal } from '../../contract/refusal.ts';
import { createHost, type Host, type HostOptions } from '../host.ts';
import { MemorySecrets } from '../host/secrets.ts';
import { removeLeftProfiles } from '../browser/chromium-profile.ts';
import { localBrowser } from '../browser/chromium-browser.ts';
import { printError } from '../process/print-error.ts';
import { serverTimeouts, type ServerTimeouts } from '../http/server-timeouts.ts';
import { Downloads } from './downloads.ts';
import { Gate, type Rejection } from './gate.ts';
import { contentSecurityPolicy, loadPageFiles } from '../http/page-files.ts';
import { PushStream } from './push-stream.ts';

/** Most commands are small; pieces of uploads (4 MiB of base64) and request bodies are not. */
const MAX_COMMAND_BYTES = 80 * 1024 * 1024;

/** A browser needs six connections per tab. More than this would exhaust the file descriptors of this process. */
const MAX_CONNECTIONS = 256;

/** ms that a client without the token may leave a response unread. */
const UNREAD_MS = 30_000;

/**
 * Marks a route that needs no token; all others do. The router decides which route a request belongs to, as an address
 * can be written in several ways (`/%61pi/`, `http://host/api/`).
 */
const open = { config: { needsNoToken: true } } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly needsNoToken?: boolean;
  }
}

const notReady: Rejection = { status: 403, message: 'Not ready.' };

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy("'self'"),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

export interface ServeOptions extends Pick<HostOptions, 'capturesFolder' | 'preferencesFile' | 'version'> {
  /** The built user interface. */
  readonly pageFolder: string;
  /** 0 or absent for any free port. */
  readonly port?: number;
  /** `serverTimeouts` if absent. */
  readonly timeouts?: ServerTimeouts;
  /** Called with errors that are not refusals. */
  readonly onBug?: (error: unknown) => void;
}

/** The browser-mode host while it runs. */
export interface Serving {
  /** The address to open, including the token: `http://127.0.0.1:PORT/#token=…`. */
  readonly address: string;
  readonly origin: string;
  readonly host: Host;
  /** Ends streams, finishes writing captures, and closes the port. */
  close(): Promise<void>;
}

/**
 * Serves the user interface to a browser on this machine, on 127.0.0.1 only. `Gate` decides which requests are
 * accepted. Throws a `Refusal` if the port is in use or the page is not built.
 */
export async function startServe(options: ServeOptions): Promise<Serving> {
  const files = await loadPageFiles(options.pageFolder).catch((cause: unknown) => {
    throw new Refusal('storage', 'The user interface is not built: run `npm start` once.', { cause });
  });
  const token = randomBytes(32).toString('base64url');
  // Created once the port is known; all requests are rejected before.
  let gate: Gate | null = null;
  const onBug = options.onBug ?? printError;

  const downloads = new Downloads();
  const timeouts = options.timeouts ?? serverTimeouts;
  // A HEAD request would use up a download, or wait for the end of the events.
  const app = fastify({
    bodyLimit: MAX_COMMAND_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    http: timeouts,
    // Fastify's own defaults for these would override those of `http`.
    requestTimeout: timeouts.requestTimeout,
    keepAliveTimeout: timeouts.keepAliveTimeout,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  // Other pages can send text without a preflight, but not JSON.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const rejection = gate === null ? notReady : gate.sameSite(request.headers);
    if (gate === null || rejection !== null) return reject(reply, rejection ?? notReady);
    const { needsNoToken = false } = request.routeOptions.config;
    const unauthorised = needsNoToken ? null : gate.authorised(request.headers);
    if (unauthorised !== null) return reject(reply, unauthorised);
  });

  // Profiles of a run that was killed while a browser was open.
  void removeLeftProfiles();
  const browser = localBrowser(process.env);
  const host = await createHost({
    ...options,
    platform: {
      capabilities: {
        menus: false,
        saveDialog: false,
        browser: !('missing' in browser),
        keyring: false,
      },
      runtime: { node: process.versions.node, platform: `${process.platform} ${process.arch}` },
      deliver: async (file) => ({ kind: 'download', path: downloads.offer(file), fileName: file.fileName }),
      secrets: new MemorySecrets(),
      browser,
      environment: process.env,
    },
  });
  const push = new PushStream();
  const unlisten = host.listen((event) => push.send(event));

  const close = async (): Promise<void> => {
    unlisten();
    push.close();
    downloads.close();
    await app.close();
    await host.close();
  };

  addPage(app, files);
  app.post<{ Params: { name: string } }>('/api/call/:name', async (request) =>
    dispatch(host.commands, request.params.name, request.body, onBug),
  );
  app.get('/api/events', (request, reply) => {
    // From here on the stream is written to the raw response, with the headers set so far.
    reply.hijack();
    for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
    push.open(reply.raw, request.headers['last-event-id']?.toString());
  });
  app.get<{ Params: { key: string } }>('/api/download/:key', open, async (request, reply) => {
    const file = downloads.take(request.params.key);
    if (file === null)
      return reject(reply, { status: 403, message: 'This download has expired. Export again.' });
    return reply
      .type(file.contentType)
      .header('content-disposition', `attachment; filename="${file.fileName.replaceAll(/[^\w.-]/g, '_')}"`)
      .send(Readable.from(file.body(), { objectMode: false }));
  });

  try {
    await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  } catch (cause) {
    await close();
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new Refusal(
      taken ? 'busy' : 'not-available',
      taken
        ? `Port ${options.port} is in use: choose another.`
        : `Cannot listen on port ${options.port}: ${String(cause)}`,
      { cause },
    );
  }
  // As browsers write it: without port 80.
  const { host: authority, origin } = new URL(
    `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
  );
  gate = new Gate(authority, token);
  return { address: `${origin}/#token=${token}`, origin, host, close };
}

function addPage(app: FastifyInstance, files: Awaited<ReturnType<typeof loadPageFiles>>): void {
  app.get('/*', open, async (request, reply) => {
    // Until the next request on this connection.
    request.raw.socket.setTimeout(UNREAD_MS);
    const file = files.get(request.url.replace(/[?#].*/s, ''));
    if (file === undefined) return reply.code(404).type('text/plain; charset=utf-8').send('Not found.');
    return reply.type(file.contentType).send(file.body);
  });
}

function reject(reply: FastifyReply, { status, message }: Rejection): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(message);
}
