/*
 * The script of the page that opens streams in a browser: it gets its task, opens the stream with EventSource and with
 * fetch(), and reports what it saw. It imports types only, so that the page loads one file.
 */
import type { PageScriptTask, PageReport, PageObservation } from '../browser.ts';

type EventSourceReport = PageReport['eventSource'];
type FetchReport = PageReport['fetch'];
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type WithoutTime<Observation> = Observation extends unknown ? Omit<Observation, 'at'> : never;

/** Characters of observations that may wait to be sent before the page stops reading. */
const mostUnsent = 65_536;
/** Bytes of the body after which a page that is not watched reads no further. */
const mostBytes = 1_048_576;
/** Characters of an event's type and ID that a observation has. */
const mostCharacters = 200;

/** ms since the epoch, with a fraction, by the page's monotonic clock. */
const now = (): number => performance.timeOrigin + performance.now();
const never = new Promise<never>(() => {});
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const task = (await (await fetch('task')).json()) as PageScriptTask;
const timeout: Promise<void> = task.timeout === null ? never : after(task.timeout);

/** Sends observations to the server: each batch as soon as the one before was taken. */
class Observations {
  #unsent: unknown[] = [];
  #size = 0;
  #sending: Promise<void> | null = null;

  /** Does nothing where nobody watches. */
  add(observation: WithoutTime<PageObservation>, at: number = now()): void {
    if (!task.isWatched) return;
    this.#unsent.push({ at, ...observation });
    this.#size += observation.kind === 'chunk' ? observation.base64.length : 0;
    this.#sending ??= this.#sendAll();
  }

  /** Settles when everything was taken, or at once while little waits: a slow reader slows the stream down. */
  async pressure(): Promise<void> {
    if (this.#size > mostUnsent) await this.#sending;
  }

  /** Settles when everything was taken. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#unsent.length > 0) {
      const body = JSON.stringify(this.#unsent);
      this.#unsent = [];
      this.#size = 0;
      await fetch('observations', { method: 'POST', body });
    }
    this.#sending = null;
  }
}

const observations = new Observations();
addEventListener('securitypolicyviolation', () => observations.add({ kind: 'blocked' }));

/** Makes the EventSource listen for one more event type. */
let listenFor: (type: string) => void = () => {};

/**
 * Finds event types in the bytes that fetch() got. EventSource dispatches only to listeners of an event's type, so the
 * page has to know it first.
 */
class TypeFinder {
  readonly #decoder = new TextDecoder();
  #line = '';

  push(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(bytes, { stream: true })).split(/[\r\n]/);
    this.#line = (lines.pop() ?? '').slice(0, 1000);
    for (const line of lines) {
      if (line.startsWith('event:')) listenFor(line.slice(6).replace(/^ /, ''));
    }
  }
}

async function readEventSource(url: string | null, fetched: Promise<unknown>): Promise<EventSourceReport> {
  const events: EventSourceReport['events'][number][] = [];
  const report: Writable<EventSourceReport> = { began: now(), opened: null, events, error: null };
  if (url === null) return report;
  const source = new EventSource(url);
  let count = 0;
  let refused = false;
  const done = new Promise<void>((resolve) => {
    const onEvent = ({ type, data, lastEventId }: MessageEvent<string>): void => {
      count += 1;
      if (!task.isWatched) {
        events.push({ at: now(), type, data, lastEventId });
        if (count >= task.events) resolve();
      } else if (count <= task.events) {
        observations.add({
          kind: 'source-event',
          type: type.slice(0, mostCharacters),
          lastEventId: lastEventId.slice(0, mostCharacters),
          length: data.length,
        });
      }
    };
    source.onopen = () => {
      report.opened ??= now();
      observations.add({ kind: 'source-open' });
    };
    source.onmessage = onEvent;
    const types = new Set(['', 'message']);
    listenFor = (type) => {
      if (types.has(type) || types.size > 1000) return;
      types.add(type);
      source.addEventListener(type, onEvent);
    };
    task.types.forEach(listenFor);
    source.onerror = (event) => {
      // The server named an event type "error".
      if (event instanceof MessageEvent) return;
      refused = source.readyState === EventSource.CLOSED;
      report.error =
        report.opened === null
          ? 'EventSource could not open the stream; the browser tells a page no more (CORS, content type, status or network)'
          : 'EventSource lost the stream';
      resolve();
    };
  });
  // When fetch() has seen the end of the stream, EventSource gets a second to see it too.
  const late = task.isWatched ? fetched.then(() => after(1000)) : never;
  await Promise.race([done, timeout, late]);
  source.close();
  if (!task.isWatched && report.error === null && count < task.events)
    report.error = 'not all events came in time';
  observations.add({
    kind: 'source-end',
    error: report.error,
    refused,
    opened: report.opened !== null,
    events: count,
  });
  return report;
}

async function readFetch(): Promise<FetchReport> {
  const chunks: FetchReport['chunks'][number][] = [];
  const report: Writable<FetchReport> = {
    began: now(),
    status: null,
    headers: [],
    chunks,
    ended: 0,
    error: null,
  };
  const abort = new AbortController();
  void timeout.then(() => abort.abort());
  try {
    const { method, headers, body } = task.request;
    const request = new Request(task.fetchUrl, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body,
      signal: abort.signal,
      cache: 'no-store',
    });
    const names = headers.map(([name]) => name).filter((name) => !request.headers.has(name));
    if (names.length > 0) observations.add({ kind: 'left-out', names });
    const response = await fetch(request);
    report.status = response.status;
    report.headers = [...response.headers];
    observations.add({
      kind: 'response',
      status: report.status,
      headers: report.headers,
      url: response.redirected ? response.url : null,
    });
    // A status such as 204 allows no body.
    const reader = response.body?.getReader() ?? null;
    const types = new TypeFinder();
    for (let bytes = 0; reader !== null && (task.isWatched || bytes < mostBytes); ) {
      const { done, value } = await reader.read();
      if (done) break;
      const at = now();
      bytes += value.length;
      const base64 = base64Of(value);
      if (!task.isWatched) {
        chunks.push({ at, base64 });
        continue;
      }
      types.push(value);
      observations.add({ kind: 'chunk', base64 }, at);
      await observations.pressure();
    }
    abort.abort();
  } catch (error) {
    report.error = `fetch() failed: ${String(error)}`;
  }
  report.ended = now();
  observations.add({ kind: 'fetch-end', error: report.error });
  return report;
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

observations.add({ kind: 'began' });
const fetched = readFetch();
const eventSource = await readEventSource(task.eventSourceUrl, fetched);
const report: PageReport = {
  userAgent: navigator.userAgent,
  origin: location.origin,
  eventSource,
  fetch: await fetched,
};
await observations.sent();
await fetch('report', { method: 'POST', body: JSON.stringify(report) });
