import { randomUUID } from 'node:crypto';
import { Refusal } from '../../contract/refusal.ts';

/** Where the lab calls a model: any OpenAI-compatible API. */
export interface UpstreamSettings {
  /** As in the `openai` package: with `/v1` where the server has it. */
  readonly baseUrl: string;
  /** Sent to the upstream alone; never logged, stored or passed on. */
  readonly apiKey: string;
  readonly model: string;
  /** Query members to add to each call. */
  readonly query?: { readonly [name: string]: string };
}

/**
 * The models that a lab may call. One is known to every caller, the scripted one. Any other is opened by the
 * program itself and gets an id that cannot be guessed, so that no page can spend somebody's money.
 */
export class Upstreams {
  readonly #open = new Map<string, UpstreamSettings>();
  readonly #scripted: () => UpstreamSettings;

  constructor(scripted: () => UpstreamSettings) {
    this.#scripted = scripted;
  }

  /**
   * Adds a model until `close` is called.
   *
   * @throws Refusal `bad-url` for a base URL that is none.
   */
  open(settings: UpstreamSettings): { readonly id: string; close(): void } {
    const url = URL.canParse(settings.baseUrl) ? new URL(settings.baseUrl) : null;
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new Refusal(
        'bad-url',
        `the base URL ${JSON.stringify(settings.baseUrl)} is no http or https URL`,
      );
    }
    const id = randomUUID();
    this.#open.set(id, settings);
    return { id, close: () => this.#open.delete(id) };
  }

  /** @throws Refusal `bad-params` for an id that is not open. */
  get(id: string | undefined): UpstreamSettings {
    if (id === undefined) return this.#scripted();
    const settings = this.#open.get(id);
    if (settings === undefined) throw new Refusal('bad-params', 'no such upstream is open');
    return settings;
  }
}
