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

/** Something that came from a model, as the `openai` package gave it. */
export type ModelChunk = OpenAI.ChatCompletionChunk | OpenAI.Responses.ResponseStreamEvent;

/** The calls that a lab makes to models, through the `openai` package, over connections of its own. */
export class ModelCalls {
  readonly #log: LabLog;
  readonly #environment: ProxyEnvironment;
  #direct: Agent | null = null;
  /** By the proxy's address, and whether it forwards requests or opens tunnels. */
  readonly #proxied = new Map<string, ProxyAgent>();
  #open = 0;

  /** @param environment where the proxies are looked up that the clients use too */
  constructor(log: LabLog, environment: ProxyEnvironment = process.env) {
    this.#log = log;
    this.#environment = environment;
  }

  /** Calls that have begun and not ended. */
  get open(): number {
    return this.#open;
  }

  /**
   * Streams an answer, chunk by chunk as the package hands them over. Aborting the signal aborts the upstream request.
   * Throws what the package throws, and an error where the answer is no event stream at all, which the package takes
   * for an empty one.
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
      // Explicit nulls keep the package from taking these from the environment.
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

  /** Closes the connections. Calls that are open are cut. */
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
   * The upstream sees whose call it is: the id comes from the async context, not from an argument, and so proves that
   * the context reached this far.
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
    // undici's own declaration of a class that Node's and the DOM's types declare too: only the DOM's differs.
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
    return response as unknown as Response;
  }

  /** By the same rules as every client. A silent body is the model thinking: it may take its time. */
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

/** The text that a chunk adds to the answer. */
function textOf(chunk: ModelChunk): string {
  if ('type' in chunk) return chunk.type === 'response.output_text.delta' ? chunk.delta : '';
  return chunk.choices[0]?.delta?.content ?? '';
}

/** The upstream answered 200 with something that is no event stream, a page of a gateway for example. */
export class NotAnEventStream extends Error {
  override readonly name = 'NotAnEventStream';

  constructor(contentType: string) {
    super(
      `the base URL answered with ${contentType}, not with an event stream: is it the API's, with its /v1?`,
    );
  }
}
