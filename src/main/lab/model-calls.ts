import OpenAI from 'openai';
import { Agent, type Dispatcher, ProxyAgent, fetch as undiciFetch } from 'undici';
import { type ProxyEnvironment, proxyFor } from '../client/proxy.ts';
import type { LabLog } from './lab-log.ts';
import { currentContext } from './request-context.ts';
import type { UpstreamSettings } from './upstreams.ts';

/** One call to a model. */
export interface ModelCall {
  readonly upstream: UpstreamSettings;
  readonly api: 'chat' | 'responses';
  readonly prompt: string;
  readonly signal: AbortSignal;
}

/** A chunk of a model's stream, as the `openai` package yields it. */
export type ModelChunk = OpenAI.ChatCompletionChunk | OpenAI.Responses.ResponseStreamEvent;

/** The calls of a lab to models, through the `openai` package. */
export class ModelCalls {
  readonly #log: LabLog;
  readonly #environment: ProxyEnvironment;
  #direct: Agent | null = null;
  /** By the proxy's address and whether it tunnels. */
  readonly #proxied = new Map<string, ProxyAgent>();
  #open = 0;

  /** @param environment names the proxies, as for all clients */
  constructor(log: LabLog, environment: ProxyEnvironment = process.env) {
    this.#log = log;
    this.#environment = environment;
  }

  /** Number of open calls. */
  get open(): number {
    return this.#open;
  }

  /**
   * Streams an answer, chunk by chunk. Aborting the signal aborts the upstream request. Throws what the package throws, and
   * `NotAnEventStream` for another content type, which the package would read as an empty stream.
   */
  async *stream({ upstream, api, prompt, signal }: ModelCall): AsyncGenerator<ModelChunk> {
    const requestId = currentContext()?.id ?? null;
    const note = (state: 'open' | 'delta' | 'end' | 'aborted' | 'error', n: number, text: string): void => {
      this.#log.add(requestId, { kind: 'upstream', state, n, text });
    };
    let notSse: string | null = null;
    const client = new OpenAI({
      baseURL: upstream.baseUrl,
      apiKey: upstream.apiKey,
      // Null keeps the package from reading these from the environment.
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
      ...(upstream.query === undefined ? {} : { defaultQuery: upstream.query }),
      fetch: async (input, init) => {
        const response = await this.#fetch(input instanceof Request ? input.url : input.toString(), init);
        const type = response.headers.get('content-type') ?? 'no content type';
        if (response.ok && !/^text\/event-stream\b/i.test(type)) notSse = type;
        return response;
      },
    });
    this.#open++;
    note('open', 0, `${api} ${upstream.model} at ${new URL(upstream.baseUrl).host}`);
    let n = 0;
    let over = false;
    try {
      const chunks = await this.#begin(client, api, upstream.model, prompt, signal);
      if (notSse !== null) {
        chunks.controller.abort();
        throw new NotAnEventStream(notSse);
      }
      for await (const chunk of chunks) {
        note('delta', n++, textOf(chunk));
        yield chunk;
      }
      over = !signal.aborted;
      if (over) note('end', n, '');
    } catch (error) {
      if (!signal.aborted) {
        over = true;
        note('error', n, error instanceof Error ? error.name : 'error');
      }
      throw error;
    } finally {
      this.#open--;
      if (!over) note('aborted', n, '');
    }
  }

  /** Closes all connections, and with them open calls. */
  async close(): Promise<void> {
    await Promise.all([
      this.#direct?.destroy(),
      ...[...this.#proxied.values()].map((proxy) => proxy.destroy()),
    ]);
  }

  #begin(client: OpenAI, api: ModelCall['api'], model: string, prompt: string, signal: AbortSignal) {
    return api === 'chat'
      ? client.chat.completions.create(
          {
            model,
            messages: [{ role: 'user', content: prompt }],
            stream: true,
            stream_options: { include_usage: true },
          },
          { signal },
        )
      : client.responses.create({ model, input: prompt, stream: true }, { signal });
  }

  /**
   * Sends the id of the request to the upstream. It comes from the async context, which proves that the context reaches
   * this code.
   */
  async #fetch(url: string, init: RequestInit | undefined): Promise<Response> {
    const headers = new Headers(init?.headers);
    const context = currentContext();
    if (context !== null) headers.set('x-request-id', `${context.id}.upstream`);
    const response = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: [...headers],
      body: typeof init?.body === 'string' ? init.body : null,
      signal: init?.signal ?? null,
      dispatcher: this.#dispatcher(url),
    });
    // undici declares its own Response, which differs from the DOM's.
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
    return response as unknown as Response;
  }

  /** Follows the proxy rules of all clients. No body timeout: a model may think for long. */
  #dispatcher(text: string): Dispatcher {
    const url = new URL(text);
    const proxy = proxyFor(url, this.#environment);
    if (proxy === null) return (this.#direct ??= new Agent({ bodyTimeout: 0 }));
    const proxyTunnel = url.protocol === 'https:';
    const key = `${proxyTunnel} ${proxy.url.href}`;
    const known = this.#proxied.get(key);
    if (known !== undefined) return known;
    const agent = new ProxyAgent({
      uri: proxy.url.origin,
      ...(proxy.authorization === null ? {} : { token: proxy.authorization }),
      proxyTunnel,
      bodyTimeout: 0,
    });
    this.#proxied.set(key, agent);
    return agent;
  }
}

/** The text of a chunk. */
function textOf(chunk: ModelChunk): string {
  if ('type' in chunk) return chunk.type === 'response.output_text.delta' ? chunk.delta : '';
  return chunk.choices[0]?.delta?.content ?? '';
}

/** The upstream answered with status 200, but not with an event stream. It may be a page of a gateway. */
export class NotAnEventStream extends Error {
  override readonly name = 'NotAnEventStream';

  constructor(contentType: string) {
    super(
      `the base URL answered with ${contentType} instead of an event stream: check that it is the API's, with /v1`,
    );
  }
}
