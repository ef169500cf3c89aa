import { assertNever } from '../../core/assert-never.ts';
import type { PageReport, PageObservation } from '../browser/browser.ts';
import { type PageView, whyFetchFailed, whySourceEnded } from './browser-refusal.ts';
import type { OpenStream } from './client.ts';
import type { Ending } from './client-error.ts';
import type { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';

/** [spec] Fetch, "CORS-safelisted response-header name". */
const hiddenHeaders =
  'Only header fields that a page may read are shown: CORS hides most others unless Access-Control-Expose-Headers names them.';

/** Number of EventSource events that are noted one by one. */
const notedEvents = 100;

/**
 * Opens a stream as a web page would: with fetch(), whose bytes are recorded, and with EventSource, whose events are
 * noted. What the browser hides from a page is not in the recording.
 */
export const openStream: OpenStream = async (request, recording, signal, { browser }) => {
  if (browser === undefined) throw new Error('client browser needs a browser');
  const visit = new Visit(request, recording);
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(timer);
    if (request.idleTimeout !== null) timer = setTimeout(() => silence.abort(), request.idleTimeout);
  };
  visit.announce(browser.name);
  try {
    const report = await browser.run(
      visit.task(),
      (origin) => visit.enter(origin),
      AbortSignal.any([signal, silence.signal, recording.broken]),
      async (observations) => {
        for (const observation of observations) visit.record(observation);
        await recording.pressure();
        if (observations.some(({ kind }) => kind === 'began' || kind === 'response' || kind === 'chunk'))
          listen();
      },
    );
    return visit.endingOf(report);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (signal.aborted) return { reason: 'aborted' };
    if (silence.signal.aborted) return { reason: 'timeout', error: silent(request) };
    if (recording.broken.aborted) return recording.brokenEnding;
    return { reason: 'error', error: { code: 'BROWSER_FAILED', message: `${message}.` } };
  } finally {
    clearTimeout(timer);
  }
};

function silent({ url, idleTimeout }: StreamRequest): { code: string; message: string } {
  const seconds = (idleTimeout ?? 0) / 1000;
  return { code: 'IDLE_TIMEOUT', message: `${url.host} sent nothing for ${seconds} s.` };
}

/** Records one stream as one page sees it. */
class Visit {
  readonly #request: StreamRequest;
  readonly #recording: Recording;
  /** Start of the recording in ms since the epoch, which is the only clock that the page shares with us. */
  readonly #epoch: number;
  readonly #view: PageView;

  constructor(request: StreamRequest, recording: Recording) {
    this.#request = request;
    this.#recording = recording;
    this.#epoch = performance.timeOrigin + performance.now() - recording.now();
    this.#view = {
      request,
      origin: '',
      response: null,
      sourceEnd: null,
      blocked: false,
      hasSource: request.method === 'GET',
    };
  }

  task() {
    const { url, method, headers, body } = this.#request;
    return {
      eventSourceUrl: this.#view.hasSource ? url.href : null,
      fetchUrl: url.href,
      request: { method, headers, body },
      events: notedEvents,
      timeout: null,
    };
  }

  /** Notes what the recording will and will not show. */
  announce(browser: string): void {
    const { method, headers, insecure, reconnect } = this.#request;
    this.#log(`A page in ${browser} opens the URL with fetch(). Its bytes are those after content decoding.`);
    this.#log(
      this.#view.hasSource
        ? 'EventSource opens the URL too: the server gets a second request. Events of a type other than “message” are noted only after fetch() has received the type.'
        : `EventSource cannot send ${method}: it is not opened.`,
    );
    const beyond = headers.filter(([name]) => !/^(accept|content-type)$/i.test(name)).map(([name]) => name);
    if (this.#view.hasSource && beyond.length > 0)
      this.#log(`EventSource cannot send header fields: its request is sent without ${beyond.join(', ')}.`);
    if (insecure) this.#log('A page cannot accept invalid certificates: the browser decides.');
    if (reconnect) this.#log('Client browser does not reconnect: it closes EventSource instead.');
  }

  enter(origin: string): void {
    this.#view.origin = origin;
    this.#log(`The page’s origin is ${origin}: the response must allow it.`);
  }

  record(observation: PageObservation): void {
    const at = this.#time(observation.at);
    switch (observation.kind) {
      case 'began':
        return this.#log('The page opens the URL now.', at);
      case 'left-out':
        return this.#log(`The browser does not let a page send ${observation.names.join(', ')}.`, at);
      case 'response': {
        const { status, headers, url } = observation;
        this.#view.response = { status, headers };
        this.#recording.response(at, { status, headers, httpVersion: '' }, url);
        this.#log(hiddenHeaders, at);
        if (this.#view.sourceEnd?.refused === true) this.#logSourceEnd(at);
        return undefined;
      }
      case 'chunk': {
        const bytes = Buffer.from(observation.base64, 'base64');
        return this.#recording.chunk(at, this.#recording.nextRead(), bytes.length, bytes);
      }
      case 'fetch-end':
        return this.#log(observation.error ?? 'fetch(): the body has ended', at);
      case 'blocked':
        this.#view.blocked = true;
        return undefined;
      case 'source-open':
        return this.#log('EventSource: open', at);
      case 'source-event': {
        const id =
          observation.lastEventId === '' ? '' : `, last event ID ${JSON.stringify(observation.lastEventId)}`;
        return this.#log(
          `EventSource: event ${observation.type}, data of length ${observation.length}${id}`,
          at,
        );
      }
      case 'source-end':
        this.#view.sourceEnd = observation;
        // The reason for a refusal is in fetch()'s response, which may come later.
        if (!observation.refused || this.#view.response !== null) this.#logSourceEnd(at);
        return undefined;
      default:
        return assertNever(observation);
    }
  }

  endingOf({ fetch }: PageReport): Ending {
    if (fetch.status === null && this.#view.sourceEnd?.refused === true) this.#logSourceEnd();
    if (fetch.error === null) return { reason: 'complete' };
    if (fetch.status === null)
      return {
        reason: 'error',
        error: { code: 'BROWSER_REFUSED', message: whyFetchFailed(this.#view, fetch.error) },
      };
    const message = `The connection to ${this.#request.url.host} was closed before the end of the body (${fetch.error}).`;
    return { reason: 'premature-close', error: { code: 'CONNECTION_CLOSED', message } };
  }

  #logSourceEnd(at?: number): void {
    this.#log(`EventSource: ${whySourceEnded(this.#view)}`, at);
  }

  /** Converts to ms since the recording began. Never in the future, even if the clocks of the processes differ. */
  #time(epoch: number): number {
    return Math.max(0, Math.min(epoch - this.#epoch, this.#recording.now()));
  }

  #log(text: string, at?: number): void {
    this.#recording.note('log', { text }, at);
  }
}
