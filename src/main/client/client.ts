import { type ClientName, clientNames, type EndRecord, type RecordSink } from '../../core/capture/record.ts';
import type { Browser } from '../browser/browser.ts';
import type { Ending } from './client-error.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';

/**
 * One way of opening a stream. Every record but the last goes to `sink`; the last is returned after it went there
 * too. Never rejects: what goes wrong is an `end` record with its reason. Aborting `signal` ends at once with
 * `aborted`.
 */
export interface StreamClient {
  readonly name: ClientName;
  open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord>;
}

/** What a client can be made with. */
export interface ClientOptions {
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked up; the process's own if absent. */
  readonly environment?: ProxyEnvironment;
  /** Called for each event that the library dispatches (`eventsource`) or yields (`openai`), right after its bytes were recorded. */
  readonly onLibraryEvent?: (event: LibraryEvent) => void;
  /** The page that `browser` opens streams in; the other clients need none. */
  readonly browser?: Browser;
}

/** What a library made of the stream, beside what the bytes say: rung 3 of the ladder compares the two. */
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
 * What the file of a client exports. Opens the request, records everything but the end, and returns how the stream ended.
 * Never rejects.
 */
export type OpenStream = (
  request: StreamRequest,
  recording: Recording,
  signal: AbortSignal,
  options: ClientOptions,
) => Promise<Ending>;

/** Clients that this process runs itself; `browser` needs a page. */
export type NodeClientName = Exclude<ClientName, 'browser'>;

/** Names of the clients that this process runs itself, the default first. */
export const nodeClientNames = clientNames.filter((name): name is NodeClientName => name !== 'browser');

/** The client of that name. One client can open many streams at once. */
export function createClient(name: ClientName, options: ClientOptions = {}): StreamClient {
  return {
    name,
    async open(request, sink, signal) {
      // Loaded before the recording's clock starts: a library can take long to load, and most runs never need it.
      const openStream = await load(name);
      const recording = new Recording(sink, request.limits);
      const ending = await openStream(request, recording, signal, options);
      if (ending.reason === 'aborted') recording.note('abort', {});
      return recording.end(ending);
    },
  };
}

/** Each client has a file of its name, so that `clientTitles` is the only list of clients. */
async function load(name: ClientName): Promise<OpenStream> {
  const { openStream } = (await import(`./${name}-client.ts`)) as { readonly openStream: OpenStream };
  return openStream;
}
