import { randomBytes } from 'node:crypto';
import type { OutgoingFile } from '../host/platform.ts';

/** How long an offer stands, ms. */
const OFFER_MS = 60_000;

/**
 * Files offered to the page. A browser's download cannot carry a header, so the address itself is the permission:
 * 256 random bits, good once, for a minute.
 */
export class Downloads {
  readonly #offers = new Map<string, { readonly file: OutgoingFile; readonly timer: NodeJS.Timeout }>();

  /** Offers a download and gives the path to fetch it at. */
  offer(file: OutgoingFile): string {
    const key = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#offers.delete(key), OFFER_MS);
    timer.unref();
    this.#offers.set(key, { file, timer });
    return `/api/download/${key}`;
  }

  /** The download offered under this key, which is void from then on; null where there is none. */
  take(key: string): OutgoingFile | null {
    const offer = this.#offers.get(key);
    if (offer === undefined) return null;
    clearTimeout(offer.timer);
    this.#offers.delete(key);
    return offer.file;
  }

  close(): void {
    for (const { timer } of this.#offers.values()) clearTimeout(timer);
    this.#offers.clear();
  }
}
