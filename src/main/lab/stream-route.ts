import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { LabEndpoint } from '../../contract/host-description.ts';
import type { LabLog } from './lab-log.ts';
import type { ModelCalls } from './model-calls.ts';
import type { PageOrigins } from './request-guard.ts';
import { runInContext } from './request-context.ts';
import { readQuery } from './route-query.ts';
import { type OpenStreams, type StreamPlan, streamEvents } from './stream-events.ts';
import type { Upstreams } from './upstreams.ts';

/** What the endpoints of one lab share. */
export interface LabParts {
  readonly log: LabLog;
  readonly streams: OpenStreams;
  readonly origins: PageOrigins;
  readonly upstreams: Upstreams;
  readonly calls: ModelCalls;
  /** Aborts when the lab begins to close. */
  readonly closing: AbortSignal;
}

/** The request that a stream answers. */
export interface StreamCall {
  readonly request: FastifyRequest;
  readonly requestId: string;
  readonly parts: LabParts;
}

/** An endpoint that answers with a stream. */
export interface StreamRoute<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  /** One sentence: what it shows. */
  readonly description: string;
  /** The query parameters. */
  readonly query: Shape;
  /** Makes the stream for a checked query. May throw a Refusal (`bad-params`). */
  readonly plan: (query: z.output<z.ZodObject<Shape>>, call: StreamCall) => StreamPlan;
}

/** A route without the type of its query, so that all routes fit in one list. */
export interface AnyStreamRoute {
  readonly endpoint: Omit<LabEndpoint, 'url'> & { readonly path: string };
  register(app: FastifyInstance, parts: LabParts): void;
}

/** Declares an endpoint. */
export function streamRoute<Shape extends z.ZodRawShape>(route: StreamRoute<Shape>): AnyStreamRoute {
  const { id, path, title, description } = route;
  return {
    endpoint: { id, path, title, description },
    register(app, parts) {
      app.get(path, (request, reply) =>
        answerWithStream({ request, reply, parts, endpoint: id, path: request.url }, (requestId) =>
          route.plan(readQuery(route.query, request.query), { request, requestId, parts }),
        ),
      );
    },
  };
}

/** A request to answer with a stream. */
interface StreamAnswer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly parts: LabParts;
  /** Id of the endpoint that answers, and the path of the request, for the log. */
  readonly endpoint: string;
  readonly path: string;
}

/** Makes the stream in the context of the request and sends it. If `plan` throws, nothing is sent. */
export async function answerWithStream(
  { request, reply, parts, endpoint, path }: StreamAnswer,
  plan: (requestId: string) => StreamPlan,
): Promise<FastifyReply> {
  const requestId = requestIdOf(request);
  await runInContext({ id: requestId, endpoint }, async () => {
    const planned = plan(requestId);
    parts.log.add(requestId, { kind: 'request', endpoint, method: request.method, path });
    await streamEvents(reply, planned, {
      requestId,
      log: parts.log,
      streams: parts.streams,
      allowedOrigin: parts.origins.allowed(request.headers.origin),
    });
  });
  return reply;
}

/**
 * The id of a request in the log: from its header, from the query (`EventSource` cannot send header fields), or a new
 * one.
 */
export function requestIdOf(request: FastifyRequest): string {
  const query = request.query as { request?: unknown };
  for (const given of [request.headers['x-request-id'], query.request]) {
    if (typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given)) return given;
  }
  return randomUUID();
}
