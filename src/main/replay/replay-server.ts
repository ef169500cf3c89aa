import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureSource } from '../../core/capture/capture-source.ts';
import { fromBeginning, resumeAt, type ReplayStart } from '../../core/replay/start.ts';
import { type ReplayStep, replaySteps } from '../../core/replay/steps.ts';
import { type ReplaySurvey, surveyReplay } from '../../core/replay/survey.ts';
import { recordedVariant, type ReplayVariant, variantProblem } from '../../core/replay/variant.ts';
import { faultAmount } from '../../core/replay/fault.ts';
import { listenOnLoopback, OpenSockets } from '../http/loopback.ts';
import { serverTimeouts } from '../http/server-timeouts.ts';
import { LabLog } from '../lab/lab-log.ts';
import { guardRequests, hostOf, PageOrigins } from '../lab/request-guard.ts';
import { OpenStreams } from '../lab/stream-events.ts';
import { requestIdOf } from '../lab/stream-route.ts';
import { answerWithReplay } from './replay-answer.ts';

/** ms that `close` waits for clients that are told that their stream is over. Then their connections are cut. */
const endingTime = 1000;

/** ms within which a client sends its request on the connection that it made for it. */
const longestConnecting = 50;

/** How a replay is served. */
export interface ReplayOptions {
  /** Port on 127.0.0.1; a free one where absent or 0. */
  readonly port?: number;
  /** As recorded where absent. */
  readonly variant?: ReplayVariant;
  /** Origins whose pages may read it, such as `http://localhost:5173`; no others may. */
  readonly allowedOrigins?: readonly string[];
}

/**
 * Serves a capture again on 127.0.0.1, at every path and for every method: so that somebody's own client can be tested. Each
 * request reads the capture anew, a piece at a time, and no faster than its client does.
 */
export class ReplayServer {
  /** What is known of the capture. */
  readonly survey: ReplaySurvey;
  /** Who connected, what was sent, when a client stopped reading or left. */
  readonly log = new LabLog();
  readonly #source: CaptureSource;
  readonly #app: FastifyInstance;
  readonly #sockets: OpenSockets;
  readonly #streams = new OpenStreams();
  readonly #origins = new PageOrigins();
  /** When connections were made that have had no request yet. */
  readonly #acceptedAt = new WeakMap<Socket, number>();
  #variant: ReplayVariant;
  #closed: Promise<void> | null = null;

  private constructor(source: CaptureSource, survey: ReplaySurvey, variant: ReplayVariant) {
    this.#source = source;
    this.survey = survey;
    this.#variant = variant;
    this.#app = fastify({
      logger: false,
      forceCloseConnections: 'idle',
      http: serverTimeouts,
      requestTimeout: serverTimeouts.requestTimeout,
      // The head of the answer is the capture's, whatever the method.
      exposeHeadRoutes: false,
    });
    this.#sockets = new OpenSockets(this.#app.server);
    this.#app.server.on('connection', (socket) => this.#acceptedAt.set(socket, performance.now()));
  }

  /**
   * Reads the capture once, and starts to serve it.
   *
   * @throws Refusal `bad-params` for a variant or a port that cannot be, `bad-file` where the capture has no response,
   *   `not-available` where the port is taken or may not be used.
   */
  static async start(source: CaptureSource, options: ReplayOptions = {}): Promise<ReplayServer> {
    const survey = await surveyReplay(source.records());
    if (survey === null) {
      throw new Refusal(
        'bad-file',
        'the capture has neither a response nor a body: there is nothing to replay',
      );
    }
    if (survey.status !== null && (survey.status < 200 || survey.status > 999)) {
      throw new Refusal(
        'bad-file',
        `the response of the capture has the status ${survey.status}, which cannot be sent`,
      );
    }
    const variant = options.variant ?? recordedVariant;
    refuseVariant(variant, survey);
    const server = new ReplayServer(source, survey, variant);
    for (const origin of options.allowedOrigins ?? []) server.#origins.allow(origin);
    server.#addRoutes();
    await listenOnLoopback(server.#app, options.port ?? 0);
    return server;
  }

  /** `http://127.0.0.1:PORT`. */
  get origin(): string {
    return `http://${hostOf(this.#app)}`;
  }

  /** What is done to the capture. */
  get variant(): ReplayVariant {
    return this.#variant;
  }

  /**
   * Serves the requests that come from now on in another way, at the same address.
   *
   * @throws Refusal `bad-params`
   */
  change(variant: ReplayVariant): void {
    refuseVariant(variant, this.survey);
    this.#variant = variant;
  }

  /** Lets pages of `origin` read the replay, until the returned function is called. */
  allowOrigin(origin: string): () => void {
    return this.#origins.allow(origin);
  }

  /** What clients have open at this moment. */
  counts(): { readonly sockets: number; readonly streams: number } {
    return { sockets: this.#sockets.size, streams: this.#streams.size };
  }

  /** Cuts every stream and frees the port. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const cut = setTimeout(() => this.#sockets.destroyAll(), endingTime);
    await this.#streams.endAll();
    const ended = this.#app.close();
    this.#app.server.closeAllConnections();
    await ended;
    await this.#sockets.none();
    clearTimeout(cut);
  }

  #addRoutes(): void {
    const app = this.#app;
    // What a client asks is of no interest here, so that no body is refused for its type or its size.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => {
      payload.on('end', () => done(null)).resume();
    });
    app.addHook('onSend', async (request, reply) => {
      const { method, url } = request;
      this.log.add(requestIdOf(request), { kind: 'answered', method, path: url, status: reply.statusCode });
    });
    guardRequests(app, this.#origins);
    app.all('/*', (request, reply) => this.#answer(request, reply));
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const arrivedAt = this.#arrivalOf(request);
    const requestId = requestIdOf(request);
    // The same for the whole answer, also where it is changed meanwhile.
    const variant = this.#variant;
    this.log.add(requestId, {
      kind: 'request',
      endpoint: 'replay',
      method: request.method,
      path: request.url,
    });
    await answerWithReplay(reply, this.#steps(request, requestId, variant), {
      requestId,
      arrivedAt,
      log: this.log,
      streams: this.#streams,
      allowedOrigin: this.#origins.allowed(request.headers.origin),
    });
    return reply;
  }

  /**
   * When a request came, by `performance.now()`. Recorded times count from before the connection was made, so that of the
   * first request on a connection is taken for it, unless the client had made the connection in advance.
   */
  #arrivalOf({ raw: { socket } }: FastifyRequest): number {
    const now = performance.now();
    const acceptedAt = this.#acceptedAt.get(socket) ?? now;
    this.#acceptedAt.delete(socket);
    return now - acceptedAt < longestConnecting ? acceptedAt : now;
  }

  async *#steps(
    request: FastifyRequest,
    requestId: string,
    variant: ReplayVariant,
  ): AsyncGenerator<ReplayStep, void> {
    const start = await this.#startOf(request, requestId, variant);
    if (start === null) yield* nothingLeft;
    else yield* replaySteps(this.#source.records(), start, variant, this.survey);
  }

  /** Where in the capture the answer begins; null where everything was sent before. */
  async #startOf(
    request: FastifyRequest,
    requestId: string,
    { faults }: ReplayVariant,
  ): Promise<ReplayStart | null> {
    const header = request.headers['last-event-id'];
    if (typeof header !== 'string' || header === '') return fromBeginning;
    // [spec] HTML §9.2.3: the id is sent encoded as UTF-8; Node reads header fields as Latin-1.
    const id = Buffer.from(header, 'latin1').toString();
    const repeats = faultAmount(faults, 'duplicate-after-reconnect') !== null;
    const resumption = await resumeAt(this.#source.records(), id, this.survey, repeats);
    const say = (text: string): void => {
      this.log.add(requestId, { kind: 'line', level: 'info', text: `Last-Event-ID ${id}: ${text}` });
    };
    switch (resumption.kind) {
      case 'at': {
        const { leg, offset } = resumption.start;
        say(
          leg === 0
            ? `resumes at byte ${offset}`
            : `gets response ${leg + 1} of the capture, from byte ${offset}`,
        );
        return resumption.start;
      }
      case 'nothing-left':
        say('nothing is left to send');
        return null;
      case 'unknown-id':
        say('the capture has no such id, so it begins at the beginning');
        return fromBeginning;
    }
  }
}

/**
 * [spec] HTML §9.2.3: "Clients will reconnect if the connection is closed; a client can be told to stop reconnecting using the
 * HTTP 204 No Content response code."
 */
const nothingLeft: readonly ReplayStep[] = [
  { kind: 'head', at: null, head: { status: 204, headers: [], unsendable: [] } },
  { kind: 'end', at: null, how: 'complete', because: null },
];

function refuseVariant(variant: ReplayVariant, { hasIds }: ReplaySurvey): void {
  const problem = variantProblem(variant);
  if (problem !== null) throw new Refusal('bad-params', problem);
  if (!hasIds && faultAmount(variant.faults, 'duplicate-after-reconnect') !== null) {
    throw new Refusal(
      'bad-params',
      'the fault duplicate-after-reconnect needs events with ids, and the capture has none',
    );
  }
}
