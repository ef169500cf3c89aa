import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../contract/refusal.ts';

/** The origins whose pages may read the lab. Only pages that the application opens are allowed. */
export class PageOrigins {
  readonly #allowed = new Map<string, number>();

  /** Allows an origin until the returned function is called. */
  allow(origin: string): () => void {
    this.#allowed.set(origin, (this.#allowed.get(origin) ?? 0) + 1);
    let allowed = true;
    return () => {
      if (!allowed) return;
      allowed = false;
      const left = (this.#allowed.get(origin) ?? 1) - 1;
      if (left > 0) this.#allowed.set(origin, left);
      else this.#allowed.delete(origin);
    };
  }

  /** Returns the origin if it is allowed, else null. */
  allowed(origin: string | undefined): string | null {
    return origin !== undefined && this.#allowed.has(origin) ? origin : null;
  }
}

/**
 * Rejects requests of pages that have no business here. Any page can make a browser send requests to 127.0.0.1, or point
 * a name of its own here (DNS rebinding). Such a request has another Host, or the Origin of the page.
 */
export function guardRequests(app: FastifyInstance, origins: PageOrigins): void {
  app.addHook('onRequest', async (request, reply) => {
    const host = hostOf(app);
    if (request.headers.host !== host) {
      return reply.code(403).send(problem(`this lab only accepts requests to http://${host}`));
    }
    if (request.headers['sec-fetch-site'] === 'none') return undefined;
    const { origin } = request.headers;
    if (origin === `http://${host}`) return undefined;
    const fromPage = origin !== undefined || isCrossSite(request);
    if (fromPage && origins.allowed(origin) === null) {
      return reply.code(403).send(problem('pages of other origins cannot use the lab'));
    }
    return request.method === 'OPTIONS' ? answerPreflight(request, reply) : undefined;
  });

  app.setNotFoundHandler(async (request, reply) =>
    reply
      .code(404)
      .send(problem(`no endpoint ${request.method} ${request.url.split('?')[0]}; GET / lists the endpoints`)),
  );
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(400).send(problem(error.message));
    const status = statusOf(error);
    return reply
      .code(status)
      .send(problem(status < 500 && error instanceof Error ? error.message : 'the lab failed'));
  });
}

/** `127.0.0.1:PORT` of a listening server. */
export function hostOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the lab does not listen');
  return `${address.address}:${address.port}`;
}

function isCrossSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** Allows the preflight of an allowed page to send the usual header fields. */
function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header('access-control-allow-origin', request.headers.origin ?? '')
    .header('access-control-allow-methods', 'GET, POST')
    .header(
      'access-control-allow-headers',
      'authorization, cache-control, content-type, last-event-id, x-request-id',
    )
    .header('vary', 'origin')
    .send();
}

function problem(message: string): { error: { message: string } } {
  return { error: { message } };
}

/** The status of an error of Fastify, for example for a body that is too large. */
function statusOf(error: unknown): number {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return 500;
}
