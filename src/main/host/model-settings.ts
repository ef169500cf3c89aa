import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ModelDescription } from '../../contract/ladder.ts';
import type { ModelParams } from '../../contract/ladder-commands.ts';
import { Refusal } from '../../contract/refusal.ts';
import { redactUrl } from '../../core/capture/redact-text.ts';
import { scriptedModel } from '../lab/scripted-model/script.ts';
import type { RungUpstream } from '../ladder/lab/rung-upstream.ts';
import { defaultModel, noKey, openaiBaseUrl, upstreamFromEnvironment } from '../ladder/lab/rung-upstream.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writePrivateFile } from '../files/write-private-file.ts';
import type { Secrets } from './secrets.ts';

const keyName = 'model-api-key';

/** The content of the file: all settings but the key. An empty string means that a setting is not set. */
const stored = z.object({
  baseUrl: z.string().catch(''),
  model: z.string().catch(''),
  api: z.enum(['chat', 'responses']).catch('chat'),
});
type Stored = z.infer<typeof stored>;

/** A key and where it comes from. */
interface Key {
  readonly from: ModelDescription['key'];
  readonly value: string;
}

/**
 * The model that rung 6 calls. User settings override environment variables. Without a key and a base URL it is the lab's
 * scripted model. A key is sent only to the server that it was entered for.
 */
export class ModelSettings {
  readonly #path: string;
  readonly #secrets: Secrets;
  readonly #environment: RungUpstream | null;
  #value: Stored;

  private constructor(path: string, secrets: Secrets, environment: RungUpstream | null, value: Stored) {
    this.#path = path;
    this.#secrets = secrets;
    this.#environment = environment;
    this.#value = value;
  }

  /** @param environment where `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL` are looked up */
  static async open(
    path: string,
    secrets: Secrets,
    environment: { readonly [name: string]: string | undefined },
  ): Promise<ModelSettings> {
    let content: unknown = null;
    try {
      content = JSON.parse(await readFile(path, 'utf8'));
    } catch {
      // Absent or damaged: no setting is set.
    }
    const value = stored.parse(typeof content === 'object' && content !== null ? content : {});
    return new ModelSettings(path, secrets, upstreamFromEnvironment(environment), value);
  }

  /** The model to call; null for the scripted model. */
  async upstream(): Promise<RungUpstream | null> {
    const { from, value } = await this.#key();
    if (from === 'none' && this.#value.baseUrl === '' && this.#environment === null) return null;
    return { baseUrl: this.#baseUrl(), model: this.#model(), api: this.#value.api, apiKey: value };
  }

  async describe(): Promise<ModelDescription> {
    const upstream = await this.upstream();
    if (upstream === null) {
      return { baseUrl: '', model: scriptedModel, api: this.#value.api, scripted: true, key: 'none' };
    }
    const { baseUrl, model, api } = upstream;
    return { baseUrl, model, api, scripted: false, key: (await this.#key()).from };
  }

  /** Throws a `Refusal` (`bad-url`). */
  async set({ baseUrl, model, api, key }: ModelParams): Promise<ModelDescription> {
    if (baseUrl !== '' && !/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : '')) {
      throw new Refusal('bad-url', `${JSON.stringify(baseUrl)} is not an http or https URL`);
    }
    // The file would contain the secret, and clients refuse such a URL.
    if (baseUrl !== redactUrl(baseUrl)) {
      throw new Refusal('bad-url', 'The base URL contains a secret. Enter the key separately.');
    }
    const before = originOf(this.#baseUrl());
    this.#value = { baseUrl, model, api };
    // The current key was entered for another server.
    const isForeign = key === undefined && originOf(this.#baseUrl()) !== before;
    if (key !== undefined || isForeign) await this.#keep(key ?? null);
    await this.#write();
    return this.describe();
  }

  #baseUrl(): string {
    return this.#value.baseUrl || this.#environment?.baseUrl || openaiBaseUrl;
  }

  #model(): string {
    return this.#value.model || this.#environment?.model || defaultModel;
  }

  async #key(): Promise<Key> {
    const own = await this.#secrets.get(keyName);
    if (own !== null) return { from: this.#secrets.kept, value: own };
    const given = this.#environment;
    const isForIt = given !== null && originOf(given.baseUrl) === originOf(this.#baseUrl());
    if (isForIt && given.apiKey !== noKey) return { from: 'environment', value: given.apiKey };
    return { from: 'none', value: noKey };
  }

  async #keep(key: string | null): Promise<void> {
    try {
      await this.#secrets.set(keyName, key);
    } catch (cause) {
      const message = 'The key is set, but could not be saved. It is lost when the application closes.';
      throw new Refusal('storage', message, { cause });
    }
  }

  async #write(): Promise<void> {
    try {
      makeFolder(dirname(this.#path), 0o700);
      await writePrivateFile(this.#path, `${JSON.stringify(this.#value, null, 2)}\n`);
    } catch (error) {
      throw new Refusal(
        'storage',
        'The model is set, but could not be saved. It is lost when the application closes.',
        {
          cause: error,
        },
      );
    }
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
