import { EventSource } from 'eventsource';
import type { CommandName, CommandParams, CommandResult, Connection } from '../../contract/commands.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import { type Outcome, Refusal, settle } from '../../contract/refusal.ts';

const UNREACHABLE = 'The host does not answer. Is `serve` still running?';

/**
 * Connects to the host over HTTP: commands are POST requests, events an event stream. The token is sent in a header. The
 * browser's EventSource cannot do that, so the stream is read by the `eventsource` package with `fetch()`.
 */
export class HttpConnection implements Connection {
  readonly #token: string;
  readonly #listeners = new Set<(event: HostEvent) => void>();
  #source: EventSource | null = null;
  #lost = false;

  constructor(token: string) {
    this.#token = token;
  }

  async call<N extends CommandName>(name: N, params: CommandParams<N>): Promise<CommandResult<N>> {
    let response: Response;
    try {
      response = await fetch(`/api/call/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body: JSON.stringify(params),
        // Preferences changed just before the tab is closed are still sent. (`keepalive` limits the size of bodies.)
        keepalive: name === 'preferences.set',
      });
    } catch (cause) {
      throw new Refusal('not-available', UNREACHABLE, { cause });
    }
    if (!response.ok) throw new Refusal('not-available', (await response.text()) || UNREACHABLE);
    return settle((await response.json()) as Outcome) as CommandResult<N>;
  }

  listen(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#source ??= this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#source?.close();
      this.#source = null;
    };
  }

  #open(): EventSource {
    const source = new EventSource('/api/events', {
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.#token}` } }),
    });
    source.addEventListener('message', (event) => this.#tell(JSON.parse(String(event.data)) as HostEvent));
    source.addEventListener('reset', () => this.#tell({ kind: 'connection', state: 'back' }));
    source.addEventListener('end', () => {
      source.close();
      this.#tell({ kind: 'connection', state: 'ended' });
    });
    source.addEventListener('open', () => {
      if (this.#lost) this.#tell({ kind: 'connection', state: 'back' });
      this.#lost = false;
    });
    source.addEventListener('error', () => {
      if (!this.#lost) this.#tell({ kind: 'connection', state: 'lost' });
      this.#lost = true;
    });
    return source;
  }

  #tell(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
