import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { CloseReason } from '../../contract/lab-log.ts';
import { assertNever } from '../../core/assert-never.ts';
import { Deferred } from '../../core/deferred.ts';
import type { ReplayHead } from '../../core/replay/head.ts';
import type { PieceDistance, ReplayEnding, ReplayStep } from '../../core/replay/steps.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import { duration } from '../../core/text/wording.ts';
import type { LabLog } from '../lab/lab-log.ts';
import type { OpenStreams } from '../lab/stream-events.ts';

/** ms for which a client must not have read before the log calls it stalled. A busy one takes a moment for a large piece. */
const stalledAfter = 250;
/** ms before a reset: it may destroy bytes that the client has received and not read yet. */
const resetGrace = 20;
/** Bytes sent without a pause that a client takes in two reads, with a chunk cut in two. */
const mostUnpaced = 32 * 1024;
/** ms between pieces that are to arrive apart, also at a client that is busy, and how many can have so much; the others have 1 ms. */
const generousGap = 5;
const generousPieces = 100;
/** The longest that a timer waits, ms: Node makes a longer one fire at once. */
const longestTimer = 2 ** 31 - 1;

/** What a request is answered with. */
export interface ReplaySetting {
  readonly requestId: string;
  /** `performance.now()` when it came. */
  readonly arrivedAt: number;
  readonly log: LabLog;
  readonly streams: OpenStreams;
  /** The origin of a page that may read the answer; null where the request needs none. */
  readonly allowedOrigin: string | null;
}

/**
 * Answers a request with the steps of a replay, each at its time. It waits while the socket is full, so that a client that
 * does not read takes no memory. Settles when the connection is done with the answer; never rejects.
 */
export async function answerWithReplay(
  reply: FastifyReply,
  steps: AsyncGenerator<ReplayStep, void>,
  setting: ReplaySetting,
): Promise<void> {
  const answer = new ReplayAnswer(reply.hijack().raw, setting);
  await answer.send(steps);
}

class ReplayAnswer {
  readonly #response: ServerResponse;
  readonly #setting: ReplaySetting;
  readonly #abort = new AbortController();
  readonly #closed: Promise<void>;
  /** Settles when all that was written is with the operating system. */
  #flushed: Promise<void> = Promise.resolve();
  #reason: CloseReason | null = null;
  #hasHead = false;
  #isHeadSent = false;
  #pieces = 0;
  #bytes = 0;
  #unpaced = 0;
  #peakBuffered = 0;

  constructor(response: ServerResponse, setting: ReplaySetting) {
    this.#response = response;
    this.#setting = setting;
    this.#closed = new Promise((resolve) => {
      response.once('close', () => {
        if (this.#reason === null && !this.#abort.signal.aborted) {
          this.#say({ kind: 'client-gone' });
          this.#abort.abort('client' satisfies CloseReason);
        }
        resolve();
      });
    });
    // `close` follows and says all there is to say.
    response.on('error', () => {});
  }

  async send(steps: AsyncGenerator<ReplayStep, void>): Promise<void> {
    const open = this.#setting.streams.add(this.#abort);
    try {
      for await (const step of steps) {
        if (this.#abort.signal.aborted) break;
        await this.#take(step);
        if (this.#reason !== null) break;
      }
      // The file has changed since it was surveyed.
      if (this.#reason === null && !this.#abort.signal.aborted) throw new Error('it ends too early');
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        const text = `the capture cannot be served: ${error instanceof Error ? error.message : String(error)}`;
        this.#say({ kind: 'line', level: 'warning', text });
        // What could be read is delivered.
        await Promise.race([this.#flushed, this.#closed]);
        this.#end('error');
        if (this.#hasHead) this.#response.destroy();
        else this.#response.writeHead(500).end();
      }
    }
    if (this.#reason === null) {
      this.#end(this.#abort.signal.reason === 'shutdown' ? 'shutdown' : 'client');
      this.#response.destroy();
    }
    await this.#closed;
    const [pieces, bytes, peakBuffered] = [this.#pieces, this.#bytes, this.#peakBuffered];
    this.#say({ kind: 'close', reason: this.#reason ?? 'error', pieces, bytes, peakBuffered });
    open.done();
  }

  async #take(step: ReplayStep): Promise<void> {
    switch (step.kind) {
      case 'head':
        await this.#until(step.at);
        this.#begin(step.head);
        return;
      case 'piece':
        await this.#pace(step.at, step.distance);
        await this.#write(step.bytes);
        return;
      case 'pause': {
        this.#flushHead();
        if (step.reason !== 'bandwidth') {
          const text = step.reason === 'stall' ? 'stalls for' : 'stays open after the last byte for';
          this.#say({ kind: 'line', level: 'info', text: `${text} ${duration(step.ms)}` });
        }
        await this.#sleep(step.ms);
        return;
      }
      case 'end':
        this.#flushHead();
        await this.#until(step.at);
        if (step.because === 'recorded') {
          const text = step.how === 'silence' ? 'falls silent' : 'is cut off';
          this.#say({ kind: 'line', level: 'info', text: `${text} here, as in the capture` });
        }
        await this.#finish(step.how, step.because === 'fault' || step.because === 'recorded');
        return;
      default:
        assertNever(step);
    }
  }

  #begin({ status, headers, unsendable }: ReplayHead): void {
    const { allowedOrigin } = this.#setting;
    const response = this.#response;
    if (unsendable.length > 0) {
      const text = `left out of the head, because they cannot be sent: ${unsendable.join(', ')}`;
      this.#say({ kind: 'line', level: 'warning', text });
    }
    // The recorded Date is sent, or none.
    response.sendDate = false;
    const own = headers.filter(([name]) => allowedOrigin === null || !isAllowOrigin(name));
    const allow = allowedOrigin === null ? [] : ['Access-Control-Allow-Origin', allowedOrigin];
    response.writeHead(status, [...own.flat(), ...allow]);
    this.#hasHead = true;
    // Whoever asks for the head alone gets nothing after it.
    if (response.req.method === 'HEAD') void this.#finish('complete', false);
  }

  /** Waits until a piece is due, and away from the one before it. */
  async #pace(at: CaptureTime, distance: PieceDistance): Promise<void> {
    const waited = await this.#until(at);
    const isBurst = at !== null && this.#unpaced > mostUnpaced && this.#lateness(at) < 2;
    if (waited || this.#pieces === 0) this.#unpaced = 0;
    else if (distance === 'apart' || isBurst) {
      this.#unpaced = 0;
      await this.#sleep(this.#pieces < generousPieces && !isBurst ? generousGap : 1);
    } else if (distance === 'next') await turn(undefined, { signal: this.#abort.signal });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const response = this.#response;
    const n = this.#pieces++;
    this.#isHeadSent = true;
    this.#bytes += bytes.length;
    this.#unpaced += bytes.length;
    const flushed = new Deferred<void>();
    this.#flushed = flushed.promise;
    const goOn = response.write(bytes, (error) => {
      if (!error) this.#say({ kind: 'written', n, bytes: bytes.length });
      flushed.resolve();
    });
    this.#peakBuffered = Math.max(this.#peakBuffered, response.writableLength);
    if (!goOn && response.writableNeedDrain) await this.#drained(n);
  }

  /** Waits until the client has read enough, and tells where that takes long. */
  async #drained(n: number): Promise<void> {
    const since = performance.now();
    let isStalled = false;
    const timer = setTimeout(() => {
      isStalled = true;
      this.#say({ kind: 'wait', n, buffered: this.#response.writableLength });
    }, stalledAfter);
    try {
      await once(this.#response, 'drain', { signal: this.#abort.signal });
    } finally {
      clearTimeout(timer);
    }
    if (!isStalled) return;
    const text = `the client reads again after ${duration(performance.now() - since)}`;
    this.#say({ kind: 'line', level: 'info', text });
  }

  async #finish(how: ReplayEnding, isFault: boolean): Promise<void> {
    const response = this.#response;
    switch (how) {
      case 'complete':
        this.#end('complete');
        response.end();
        return;
      case 'close':
        await Promise.race([this.#flushed, this.#closed]);
        this.#end(isFault ? 'fault' : 'complete');
        response.destroy();
        return;
      case 'reset':
        await Promise.race([this.#flushed, this.#closed]);
        await this.#sleep(resetGrace);
        this.#end('fault');
        response.socket?.resetAndDestroy();
        return;
      case 'silence':
        await this.#closedOrStopped();
        return;
      default:
        assertNever(how);
    }
  }

  /** Decides why it ends. What happens to the connection afterwards is our own doing. */
  #end(reason: CloseReason): void {
    this.#reason ??= reason;
  }

  #closedOrStopped(): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Waits for a time of the replay. False where it was over. */
  async #until(at: CaptureTime): Promise<boolean> {
    if (at === null || this.#lateness(at) > -0.5) return false;
    this.#flushHead();
    for (let left = -this.#lateness(at); left >= 0.5; left = -this.#lateness(at)) await this.#sleep(left);
    return true;
  }

  /** ms since a time of the replay, negative before it. */
  #lateness(at: number): number {
    return performance.now() - this.#setting.arrivedAt - at;
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(Math.min(Math.round(ms), longestTimer), undefined, { signal: this.#abort.signal });
  }

  /** Sends the head before a wait. Otherwise it leaves with the first piece, as it was recorded. */
  #flushHead(): void {
    if (!this.#hasHead || this.#isHeadSent) return;
    this.#isHeadSent = true;
    this.#response.flushHeaders();
  }

  #say(news: Parameters<LabLog['add']>[1]): void {
    this.#setting.log.add(this.#setting.requestId, news);
  }
}

function isAllowOrigin(name: string): boolean {
  return name.toLowerCase() === 'access-control-allow-origin';
}
