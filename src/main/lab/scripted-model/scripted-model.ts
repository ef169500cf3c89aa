import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { assertNever } from '../../../core/assert-never.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { type LabEvent, event, paced } from '../lab-event.ts';
import { readQuery, wholeNumber } from '../route-query.ts';
import { answerWithStream, type LabParts } from '../stream-route.ts';
import { answerChat } from './chat-completions.ts';
import { chatRequest, responsesRequest } from './model-request.ts';
import { answerResponses } from './responses.ts';
import { faultOfModel, type ModelFault, modelFaults, scriptedFingerprint, scriptedModel } from './script.ts';

/** Marks every response as scripted. */
const label = { 'x-scripted-model': scriptedFingerprint };

/** `delay`: ms between two tokens. */
const query = { delay: wholeNumber({ min: 0, max: 60_000, default: 20 }) };
const slowDelay = 2000;

/** An answer, as a stream and as a whole. */
interface Answer {
  readonly events: readonly LabEvent[];
  /** Sent last; left out by `missing-done`. */
  readonly terminal: LabEvent;
  /** The API's event for an error in the middle of the stream. */
  readonly error: LabEvent;
  /** The answer to a request without `stream`. */
  readonly whole: JsonObject;
}

/** An error of the API. */
interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
}

/**
 * Adds the endpoints of an OpenAI-compatible API with scripted answers: chat completions, Responses, and the list of models.
 * Requests are validated as a real API does.
 */
export function registerScriptedModel(app: FastifyInstance, parts: LabParts): void {
  let answers = 0;
  const nextId = (prefix: string): string => `${prefix}-scripted-${++answers}`;

  app.get('/v1/models', async (request, reply) => {
    const refused = checkKey(request);
    if (refused !== null) return sendError(reply, refused);
    const names = [scriptedModel, ...Object.keys(modelFaults).map((fault) => `${scriptedModel}/${fault}`)];
    const data = names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'sse-inspector-lab' }));
    return reply.headers(label).send({ object: 'list', data });
  });

  const answerWith = <Schema extends z.ZodType<{ model: string; stream?: boolean | null | undefined }>>(
    path: string,
    schema: Schema,
    answer: (body: z.output<Schema>) => Answer,
  ): void => {
    app.post(path, async (request, reply) => {
      const { delay } = readQuery(query, request.query);
      const refused = checkKey(request);
      if (refused !== null) return sendError(reply, refused);
      const body = schema.safeParse(request.body);
      if (!body.success) return sendError(reply, badRequest(body.error));
      const fault = faultOfModel(body.data.model);
      if (fault === undefined) return sendError(reply, unknownModel(body.data.model));
      if (fault === 'html') return reply.type('text/html').send('<!doctype html><title>Not an API</title>');
      const error = fault === null ? null : errorOf(fault);
      if (error !== null) return sendError(reply, error);
      const made = answer(body.data);
      if (body.data.stream !== true) return reply.headers(label).send(made.whole);

      return answerWithStream({ request, reply, parts, endpoint: 'scripted-model', path }, () => ({
        events: (signal) => speak(made, fault, fault === 'slow' ? slowDelay : delay, signal),
        headers: label,
        cors: true,
        fault: fault === 'cut' ? 'premature-close' : null,
      }));
    });
  };

  answerWith('/v1/chat/completions', chatRequest, (body) => {
    const { chunks, completion } = answerChat(body, nextId('chatcmpl'), seconds());
    return {
      events: chunks.map((chunk) => event(JSON.stringify(chunk))),
      terminal: event('[DONE]'),
      error: event(JSON.stringify({ error: wire(overloaded) })),
      whole: completion,
    };
  });

  answerWith('/v1/responses', responsesRequest, (body) => {
    const { events, response } = answerResponses(body, nextId('resp'), seconds());
    const framed = events.map((each) => event(JSON.stringify(each), { event: each.type }));
    const error = { type: 'error', code: overloaded.code, message: overloaded.message, param: null };
    return {
      events: framed.slice(0, -1),
      terminal: framed.at(-1) ?? event('{}'),
      error: event(JSON.stringify({ ...error, sequence_number: events.length >> 1 }), { event: 'error' }),
      whole: response,
    };
  });
}

async function* speak(
  { events, terminal, error }: Answer,
  fault: ModelFault | null,
  delay: number,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  if (fault === 'error-in-stream') {
    yield* paced([...events.slice(0, events.length >> 1), error], delay, signal);
    return;
  }
  yield* paced(events, delay, signal);
  if (fault !== 'missing-done') yield terminal;
}

const overloaded: ApiError = {
  status: 503,
  message: 'The scripted model failed in the middle of its answer, as requested.',
  type: 'server_error',
  code: 'scripted_error',
  param: null,
};

/** Accepts any key, but requires one, as real APIs do. */
function checkKey(request: FastifyRequest): ApiError | null {
  if (/^Bearer \S+$/.test(request.headers.authorization ?? '')) return null;
  return {
    status: 401,
    message: 'You did not provide an API key: send any key as "Authorization: Bearer KEY".',
    type: 'invalid_request_error',
    code: null,
    param: null,
  };
}

function badRequest(error: z.ZodError): ApiError {
  const issue = error.issues[0];
  const param = issue?.path.join('.') ?? '';
  return {
    status: 400,
    message: `Invalid ${param === '' ? 'body' : `'${param}'`}: ${issue?.message ?? 'invalid'}`,
    type: 'invalid_request_error',
    code: null,
    param: param === '' ? null : param,
  };
}

function unknownModel(model: string): ApiError {
  return {
    status: 404,
    message: `The model \`${model}\` does not exist: GET /v1/models lists the models.`,
    type: 'invalid_request_error',
    code: 'model_not_found',
    param: 'model',
  };
}

/** The error response of a fault; null for faults inside the stream. */
function errorOf(fault: ModelFault): ApiError | null {
  const error = { message: `Scripted: ${modelFaults[fault]}`, param: null };
  switch (fault) {
    case 'unauthorized':
      return { ...error, status: 401, type: 'invalid_request_error', code: 'invalid_api_key' };
    case 'rate-limit':
      return { ...error, status: 429, type: 'requests', code: 'rate_limit_exceeded' };
    case 'server-error':
      return { ...error, status: 500, type: 'server_error', code: null };
    case 'error-in-stream':
    case 'cut':
    case 'slow':
    case 'missing-done':
    case 'html':
      return null;
    default:
      return assertNever(fault);
  }
}

/** s since 1970. */
function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.status === 429) reply.header('retry-after', '1');
  return reply
    .code(error.status)
    .headers(label)
    .send({ error: wire(error) });
}

function wire({ message, type, code, param }: ApiError): JsonObject {
  return { message, type, param, code };
}
