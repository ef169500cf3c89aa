import { randomBytes } from 'node:crypto';
import type { OutgoingFile } from '../host/platform.ts';

/** How long a download is available, ms. */
const OFFER_MS = 60_000;

/**
 * Files that the page can download. A browser cannot send a header with a download, so the address itself is the
 * permission: it has 256 random bits, and is valid once and for a minute.
 */
export class Downloads {
  readonly #offers = new Map<string, { readonly file: OutgoingFile; readonly timer: NodeJS.Timeout }>();

  /** Offers a download, and returns its path. */
  offer(file: OutgoingFile): string {
    const key = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#offers.delete(key), OFFER_MS);
    timer.unref();
    this.#offers.set(key, { file, timer });
    return `/api/download/${key}`;
  }

  /** Returns the download of a key, which is invalid afterwards; null if there is none. */
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
