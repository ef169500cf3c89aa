import type { CaptureId } from '../../contract/capture-id.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import type { StreamRequest } from '../client/stream-request.ts';

/** Most requests that are kept, and most characters of them together. */
const MOST_REQUESTS = 200;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** A request as the user gave it, and as it was sent, with the defaults of its client. */
export interface SentRequest {
  readonly params: ConnectParams;
  readonly request: StreamRequest;
}

/**
 * The requests of the newest captures, so that they can be sent again. Unlike stored captures they have their secrets, so they
 * are kept in memory only, until their captures are deleted.
 */
export class SentRequests {
  /** Oldest first. */
  readonly #requests = new Map<CaptureId, SentRequest>();
  #characters = 0;

  /** Keeps a request and removes the oldest above the limits. A request above the limit alone is not kept. */
  add(id: CaptureId, sent: SentRequest): void {
    this.#requests.set(id, sent);
    this.#characters += sizeOf(sent);
    for (const oldest of this.#requests.keys()) {
      if (this.#requests.size <= MOST_REQUESTS && this.#characters <= MOST_CHARACTERS) return;
      this.delete(oldest);
    }
  }

  /** Null if this process did not send the capture's request, or no longer keeps it. */
  get(id: CaptureId): SentRequest | null {
    return this.#requests.get(id) ?? null;
  }

  delete(id: CaptureId): void {
    const sent = this.#requests.get(id);
    if (sent === undefined) return;
    this.#requests.delete(id);
    this.#characters -= sizeOf(sent);
  }
}

/** In characters. Both forms of the request share their texts. */
function sizeOf({ request: { url, headers, body } }: SentRequest): number {
  const fields = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return url.href.length + fields + (body?.length ?? 0);
}
