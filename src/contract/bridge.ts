import type { Outcome } from './refusal.ts';
import type { HostEvent } from './host-event.ts';

/** What the preload script puts on `window.sseInspector`: the whole bridge, without code per command. */
export interface Bridge {
  call(name: string, params: unknown): Promise<Outcome>;
  /** Calls `listener` for every event of the host until the returned function is called. */
  listen(listener: (event: HostEvent) => void): () => void;
}

/** Channel that carries every command, `(name, params)`, and answers with an `Outcome`. */
export const callChannel = 'host:call';

/** Channel on which the host pushes a `HostEvent`. */
export const eventChannel = 'host:event';
