import { assertNever } from '../../core/assert-never.ts';
import { EventSourceClient } from './eventsource-client.ts';
import type { LibraryEvent } from './library-event.ts';
import { OpenAiClient } from './openai-client.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { RawClient } from './raw-client.ts';
import type { StreamClient } from './stream-client.ts';

/** Clients that this process runs itself; `browser` needs a page. */
export type NodeClientName = 'raw' | 'eventsource' | 'openai';

export interface ClientOptions {
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked up; the process's own if absent. */
  readonly environment?: ProxyEnvironment;
  /** Called for each event that the library dispatches (`eventsource`) or yields (`openai`), right after its bytes were recorded. */
  readonly onLibraryEvent?: (event: LibraryEvent) => void;
}

/** The client of that name. One client can open many streams at once. */
export function createClient(name: NodeClientName, options: ClientOptions = {}): StreamClient {
  switch (name) {
    case 'raw':
      return new RawClient(options);
    case 'eventsource':
      return new EventSourceClient(options);
    case 'openai':
      return new OpenAiClient(options);
    default:
      return assertNever(name);
  }
}
