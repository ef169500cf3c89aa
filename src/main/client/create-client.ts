import type { ClientName } from '../../core/capture/record.ts';
import { wordsOf } from '../../core/vocabulary.ts';
import type { ClientOptions } from './client-options.ts';
import { EventSourceClient } from './eventsource-client.ts';
import { OpenAiClient } from './openai-client.ts';
import { RawClient } from './raw-client.ts';
import type { StreamClient } from './stream-client.ts';

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
