import { assertNever } from '../../core/assert-never.ts';
import type { ClientOptions } from './client-options.ts';
import { EventSourceClient } from './eventsource-client.ts';
import { OpenAiClient } from './openai-client.ts';
import { RawClient } from './raw-client.ts';
import type { StreamClient } from './stream-client.ts';

/** Clients that this process runs itself; `browser` needs a page. */
export type NodeClientName = 'raw' | 'eventsource' | 'openai';

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
