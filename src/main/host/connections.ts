import { type CaptureLimits, defaultCaptureLimits } from '../../contract/capture-limits.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureHeader, CaptureRequest } from '../../core/capture/record.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import { createClient, type StreamClient } from '../client/client.ts';
import { describedRequest, parseStreamRequest, type StreamRequest } from '../client/stream-request.ts';
import type { EditableRequest } from '../../contract/sent-request.ts';
import type { HostPlatform } from './platform.ts';
import { editableRequest, storedRequestAgain, withHeldSecrets } from './request-again.ts';
import { type SentRequest, SentRequests } from './sent-requests.ts';

interface OpenConnection {
  readonly abort: AbortController;
  /** Settles when the end is recorded. */
  readonly ended: Promise<unknown>;
}

/** The open connections, each recording into a capture. */
export class Connections {
  readonly #library: CaptureLibrary;
  readonly #browser: HostPlatform['browser'];
  readonly #limits: () => CaptureLimits;
  readonly #open = new Map<CaptureId, OpenConnection>();
  /** Connections whose captures are being created. */
  readonly #beginning = new Set<Promise<CaptureId>>();
  readonly #sent = new SentRequests();
  #closed = false;

  /**
   * @param browser the page of client `browser`, or why it is missing
   * @param limits of captures whose connection sets none
   */
  constructor(
    library: CaptureLibrary,
    browser: HostPlatform['browser'],
    limits: () => CaptureLimits = () => defaultCaptureLimits,
  ) {
    this.#library = library;
    this.#browser = browser;
    this.#limits = limits;
    library.onRemoved((id) => this.#sent.delete(id));
  }

  /** Opens a stream. Returns its capture before a response came. Throws a `Refusal` if the request cannot be sent. */
  connect(params: ConnectParams): Promise<CaptureId> {
    return this.#begin(async () => this.#prepared(params));
  }

  /** Sends the same request again. Throws a `Refusal` if its secrets are not known or the capture has no request. */
  again(capture: CaptureId): Promise<CaptureId> {
    return this.#begin(
      async () => this.#sent.get(capture) ?? storedRequestAgain(await this.#stored(capture)),
    );
  }

  /** The request of a capture, to be edited. */
  async editable(capture: CaptureId): Promise<EditableRequest> {
    return editableRequest(await this.#stored(capture), this.#sent.get(capture));
  }

  #stored(capture: CaptureId): Promise<CaptureRequest> {
    return this.#library.ask(capture, async (session) => session.header.request);
  }

  #prepared({ secretsOf, ...given }: ConnectParams): SentRequest {
    const held = secretsOf === undefined ? null : (this.#sent.get(secretsOf)?.params ?? null);
    const params = secretsOf === undefined ? given : withHeldSecrets(given, held);
    const limits = { ...this.#limits(), ...params.limits };
    return { params, request: parseStreamRequest({ ...params, limits }) };
  }

  async #begin(prepare: () => Promise<SentRequest>): Promise<CaptureId> {
    if (this.#closed) throw new Refusal('not-available', 'The application is closing.');
    const beginning = prepare().then((sent) => this.#send(sent));
    this.#beginning.add(beginning);
    try {
      return await beginning;
    } finally {
      this.#beginning.delete(beginning);
    }
  }

  async #send(sent: SentRequest): Promise<CaptureId> {
    const { params, request } = sent;
    const client = this.#client(params.client);
    const header: CaptureHeader = {
      format: 'ssecap',
      version: 1,
      startedAt: new Date().toISOString(),
      request: describedRequest(request, params.client),
    };
    const keepSecrets = params.keepSecrets ?? false;
    const { id, sink } = await this.#library.create(header, { origin: 'connection', keepSecrets });
    this.#sent.add(id, sent);
    const abort = new AbortController();
    const ended = client.open(request, sink, abort.signal).finally(() => this.#open.delete(id));
    this.#open.set(id, { abort, ended });
    return id;
  }

  /** The request of a capture, secrets included; null if it is not kept (see `SentRequests`). */
  requestOf(id: CaptureId): StreamRequest | null {
    return this.#sent.get(id)?.request ?? null;
  }

  #client(name: ConnectParams['client']): StreamClient {
    if (!('missing' in this.#browser)) return createClient(name, { browser: this.#browser });
    if (name !== 'browser') return createClient(name);
    throw new Refusal('not-available', `There is no browser to open it in: ${this.#browser.missing}.`);
  }

  /** Stops a connection for the user; does nothing if it has ended. */
  async stop(id: CaptureId): Promise<void> {
    const connection = this.#open.get(id);
    connection?.abort.abort();
    await connection?.ended;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#beginning);
    await Promise.all([...this.#open.keys()].map((id) => this.stop(id)));
  }
}
