import { randomUUID } from 'node:crypto';
import { Refusal } from '../../contract/refusal.ts';

/** An OpenAI-compatible API that the lab calls. */
export interface UpstreamSettings {
  /** As the `openai` package takes it, usually with `/v1`. */
  readonly baseUrl: string;
  /** Sent to the upstream alone; never logged, stored or passed on. */
  readonly apiKey: string;
  readonly model: string;
  /** Query members to add to each call. */
  readonly query?: { readonly [name: string]: string };
}

/**
 * The models that a lab may call. Every client can use the scripted model. The program opens others, under an id that
 * cannot be guessed, so that no page can use the user's API key.
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
   * @throws Refusal `bad-url` for an invalid base URL.
   */
  open(settings: UpstreamSettings): { readonly id: string; close(): void } {
    const url = URL.canParse(settings.baseUrl) ? new URL(settings.baseUrl) : null;
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new Refusal(
        'bad-url',
        `the base URL ${JSON.stringify(settings.baseUrl)} is not an http or https URL`,
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
    if (settings === undefined) throw new Refusal('bad-params', 'this upstream is not open');
    return settings;
  }
}
