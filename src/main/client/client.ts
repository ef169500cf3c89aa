import type { ClientName, EndRecord, RecordSink } from '../../core/capture/record.ts';
import { wordsOf } from '../../core/vocabulary.ts';
import { EventSourceClient } from './eventsource-client.ts';
import { OpenAiClient } from './openai-client.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { RawClient } from './raw-client.ts';
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

/** Clients that this process runs itself; `browser` needs a page. */
export type NodeClientName = Exclude<ClientName, 'browser'>;

const makers: Readonly<Record<NodeClientName, (options: ClientOptions) => StreamClient>> = {
  raw: (options) => new RawClient(options),
  eventsource: (options) => new EventSourceClient(options),
  openai: (options) => new OpenAiClient(options),
};

/** Names of the clients that this process runs itself, the default first. */
export const nodeClientNames = wordsOf(makers);

/** The client of that name. One client can open many streams at once. */
export function createClient(name: NodeClientName, options: ClientOptions = {}): StreamClient {
  return makers[name](options);
}
