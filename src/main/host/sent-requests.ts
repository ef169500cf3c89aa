import type { CaptureId } from '../../contract/capture-id.ts';
import type { StreamRequest } from '../client/stream-request.ts';

/** Requests that are kept at most, and how many characters they may have together. */
const MOST_REQUESTS = 200;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/**
 * The requests of the newest captures, to be sent again by probes. They have their secrets, which stored captures lack:
 * they stay in the memory of this process, and are forgotten when their captures are deleted.
 */
export class SentRequests {
  /** Oldest first. */
  readonly #requests = new Map<CaptureId, StreamRequest>();
  #characters = 0;

  /** Keeps a request. The oldest are forgotten where there are too many; one that is too large alone is not kept. */
  add(id: CaptureId, request: StreamRequest): void {
    this.#requests.set(id, request);
    this.#characters += sizeOf(request);
    for (const oldest of this.#requests.keys()) {
      if (this.#requests.size <= MOST_REQUESTS && this.#characters <= MOST_CHARACTERS) return;
      this.forget(oldest);
    }
  }

  /** Null where the capture's request was not sent by this process, or is no longer kept. */
  get(id: CaptureId): StreamRequest | null {
    return this.#requests.get(id) ?? null;
  }

  forget(id: CaptureId): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    this.#characters -= sizeOf(request);
  }
}

/** In characters. */
function sizeOf({ url, headers, body }: StreamRequest): number {
  const fields = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return url.href.length + fields + (body?.length ?? 0);
}
