import type { LibraryEvent } from './library-event.ts';
import type { ProxyEnvironment } from './proxy.ts';

/** What a client can be made with. */
export interface ClientOptions {
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked up; the process's own if absent. */
  readonly environment?: ProxyEnvironment;
  /** Called for each event that the library dispatches (`eventsource`) or yields (`openai`), right after its bytes were recorded. */
  readonly onLibraryEvent?: (event: LibraryEvent) => void;
}
