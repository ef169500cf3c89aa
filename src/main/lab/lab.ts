import fastify, { type FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import type { LabEndpoint } from '../../contract/host-description.ts';
import { Refusal } from '../../contract/refusal.ts';
import { serverTimeouts } from '../http/server-timeouts.ts';
import { labRoutes } from './lab-routes.ts';
import { LabLog } from './lab-log.ts';
import { ModelCalls } from './model-calls.ts';
import { OpenStreams } from './stream-events.ts';
import { guardRequests, hostOf, PageOrigins } from './request-guard.ts';
import { type LabParts, requestIdOf } from './stream-route.ts';
import { scriptedModel } from './scripted-model/script.ts';
import { registerScriptedModel } from './scripted-model/scripted-model.ts';
import { Upstreams, type UpstreamSettings } from './upstreams.ts';

/** When the lab closes, open streams have this time to end. Then their connections are cut. ms. */
const endingTime = 1000;
/** `close` resolves after this time at the latest, ms. */
const closingTime = 2000;

export interface LabOptions {
  /** Port on 127.0.0.1; a free port if absent or 0. */
  readonly port?: number;
}

/** How much of a lab is open. */
export interface LabCounts {
  readonly sockets: number;
  readonly streams: number;
  /** Calls to models. */
  readonly calls: number;
}

/** The embedded server. It logs each event that its generators yield. */
export interface Lab {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly endpoints: readonly LabEndpoint[];
  readonly log: LabLog;
  /** Allows pages of `origin` to read the endpoints that support CORS, until the returned function is called. */
  allowOrigin(origin: string): () => void;
  /** Adds a model that `/stages/openai?upstream=ID` calls, until `close` is called. Throws a `Refusal`. */
  openUpstream(settings: UpstreamSettings): { readonly id: string; close(): void };
  counts(): LabCounts;
  /**
   * Ends every open stream, then the server. The connection of a client that does not read is cut after a second.
   * Resolves after two seconds at the latest.
   */
  close(): Promise<void>;
}

/**
 * Starts a lab on 127.0.0.1.
 *
 * @throws Refusal `bad-params` for an invalid port, `not-available` if the port is in use or not permitted.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Refusal('bad-params', `Invalid port ${port}: use a whole number from 0 to 65535`);
  }
  const log = new LabLog();
  const closing = new AbortController();
  const scripted = (): UpstreamSettings => ({
    baseUrl: `http://${hostOf(app)}/v1`,
    apiKey: 'scripted',
    model: scriptedModel,
  });
  const parts: LabParts = {
    log,
    streams: new OpenStreams(),
    origins: new PageOrigins(),
    upstreams: new Upstreams(scripted),
    calls: new ModelCalls(log),
    closing: closing.signal,
  };
  const app = fastify({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: 'idle',
    http: serverTimeouts,
    requestTimeout: serverTimeouts.requestTimeout,
  });
  // Streams hijack their replies, so Fastify only sends answers without a stream.
  app.addHook('onSend', async (request, reply) => {
    const { method, url } = request;
    log.add(requestIdOf(request), { kind: 'answered', method, path: url, status: reply.statusCode });
  });
  guardRequests(app, parts.origins);
  for (const route of labRoutes) route.register(app, parts);
  registerScriptedModel(app, parts);
  app.get('/', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(directory(endpointsOf(`http://${hostOf(app)}`))),
  );
  const sockets = countSockets(app);
  await listen(app, port);

  const origin = `http://${hostOf(app)}`;
  let closed: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    await parts.streams.endAll();
    await parts.calls.close();
    // Only idle keep-alive connections are left.
    app.server.closeIdleConnections();
    const ended = app.close();
    app.server.closeAllConnections();
    await ended;
    await sockets.none();
  };
  const close = async (): Promise<void> => {
    closing.abort();
    const cut = setTimeout(() => sockets.destroyAll(), endingTime);
    let giveUp: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, closingTime)));
    await Promise.race([end(), late]).finally(() => {
      clearTimeout(cut);
      clearTimeout(giveUp);
    });
  };
  return {
    origin,
    endpoints: endpointsOf(origin),
    log,
    openUpstream: (settings) => parts.upstreams.open(settings),
    allowOrigin: (allowed) => parts.origins.allow(allowed),
    counts: () => ({ sockets: sockets.size(), streams: parts.streams.size, calls: parts.calls.open }),
    close: () => (closed ??= close()),
  };
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new Refusal('not-available', `port ${port} on 127.0.0.1 is in use: choose another port`, {
        cause: error,
      });
    }
    if (code === 'EACCES') {
      throw new Refusal('not-available', `no permission to listen on port ${port}: choose a port from 1024`, {
        cause: error,
      });
    }
    throw error;
  }
}

function endpointsOf(origin: string): readonly LabEndpoint[] {
  return labRoutes.map(({ endpoint: { id, title, description, path } }) => ({
    id,
    title,
    description,
    url: `${origin}${path}`,
  }));
}

/** The text at `/`. */
function directory(endpoints: readonly LabEndpoint[]): string {
  const lines = endpoints.map(({ url, description }) => `${url}\n    ${description}\n`);
  return `The lab of SSE Inspector. Open these URLs with curl -N.\n\n${lines.join('\n')}`;
}

/** The sockets that clients have open. */
function countSockets(app: FastifyInstance): { size(): number; none(): Promise<void>; destroyAll(): void } {
  const open = new Set<Socket>();
  let whenNone: (() => void)[] = [];
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size > 0) return;
      for (const tell of whenNone) tell();
      whenNone = [];
    });
  });
  return {
    size: () => open.size,
    none: async () => {
      if (open.size > 0) await new Promise<void>((resolve) => whenNone.push(resolve));
    },
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}
