import type { CaptureId } from '../../contract/capture-id.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import type { StreamRequest } from '../client/stream-request.ts';

/** Requests that are kept at most, and how many characters they may have together. */
const MOST_REQUESTS = 200;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** A request as it was asked for, and as it was sent: completed, with the defaults of its client. */
export interface SentRequest {
  readonly params: ConnectParams;
  readonly request: StreamRequest;
}

/**
 * The requests of the newest captures, to be sent again. They have their secrets, which stored captures lack: they stay in
 * the memory of this process, and are forgotten when their captures are deleted.
 */
export class SentRequests {
  /** Oldest first. */
  readonly #requests = new Map<CaptureId, SentRequest>();
  #characters = 0;

  /** Keeps a request. The oldest are forgotten where there are too many; one that is too large alone is not kept. */
  add(id: CaptureId, sent: SentRequest): void {
    this.#requests.set(id, sent);
    this.#characters += sizeOf(sent);
    for (const oldest of this.#requests.keys()) {
      if (this.#requests.size <= MOST_REQUESTS && this.#characters <= MOST_CHARACTERS) return;
      this.delete(oldest);
    }
  }

  /** Null where the capture's request was not sent by this process, or is no longer kept. */
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

/** In characters. What was asked for and what was sent share their texts. */
function sizeOf({ request: { url, headers, body } }: SentRequest): number {
  const fields = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return url.href.length + fields + (body?.length ?? 0);
}
