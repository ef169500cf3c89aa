import { type ClientName, clientNames, type EndRecord, type RecordSink } from '../../core/capture/record.ts';
import type { Browser } from '../browser/browser.ts';
import type { Ending } from './client-error.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';

/**
 * One way to open a stream. Passes every record to `sink`, and also returns the last. Never rejects: errors become an
 * `end` record with the reason. Aborting `signal` ends the stream at once with `aborted`.
 */
export interface StreamClient {
  readonly name: ClientName;
  open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord>;
}

/** Options of a client. */
export interface ClientOptions {
  /** Environment for HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; `process.env` if absent. */
  readonly environment?: ProxyEnvironment;
  /**
   * Called for each event that the library dispatches (`eventsource`) or yields (`openai`), after its bytes are
   * recorded.
   */
  readonly onLibraryEvent?: (event: LibraryEvent) => void;
  /** The browser that client `browser` opens streams in. */
  readonly browser?: Browser;
}

/** An event as a library reports it. Rung 3 of the ladder compares these with the recorded bytes. */
export type LibraryEvent =
  /** An event that the `eventsource` package dispatched. */
  | {
      readonly client: 'eventsource';
      readonly type: string;
      readonly data: string;
      readonly lastEventId: string;
    }
  /** A value that the `openai` package's stream yielded: a chat completion chunk, or a Responses event. */
  | { readonly client: 'openai'; readonly value: unknown };

/**
 * Exported by the file of each client. Sends the request, records everything except the end, and returns the ending.
 * Never rejects.
 */
export type OpenStream = (
  request: StreamRequest,
  recording: Recording,
  signal: AbortSignal,
  options: ClientOptions,
) => Promise<Ending>;

/** Clients that run in Node; `browser` needs a browser. */
export type NodeClientName = Exclude<ClientName, 'browser'>;

/** Names of the clients that run in Node, the default first. */
export const nodeClientNames = clientNames.filter((name): name is NodeClientName => name !== 'browser');

/** Creates a client. It can open many streams at once. */
export function createClient(name: ClientName, options: ClientOptions = {}): StreamClient {
  // A library is slow to load: loading starts here, before the clock of a recording.
  const loaded = load(name);
  return {
    name,
    async open(request, sink, signal) {
      const openStream = await loaded;
      const recording = new Recording(sink, request.limits);
      const ending = await openStream(request, recording, signal, options);
      if (ending.reason === 'aborted') recording.note('abort', {});
      return recording.end(ending);
    },
  };
}

/** Loads a client by its name, so that `clientTitles` is the only list of clients. */
async function load(name: ClientName): Promise<OpenStream> {
  const { openStream } = (await import(`./${name}-client.ts`)) as { readonly openStream: OpenStream };
  return openStream;
}
