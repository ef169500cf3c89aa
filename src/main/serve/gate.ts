import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is rejected: an HTTP status and a message that reveals nothing to an attacker. */
export interface Rejection {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Decides which requests the browser-mode host accepts. Any page in the user's browser can send requests to a loopback
 * port, so three things are checked, each against a different attacker:
 * - `Host` must be the exact address of this server, which stops DNS rebinding.
 * - `Origin`, if present, must be the origin of this server, and `Sec-Fetch-Site` must not be cross-site, which stops
 *   pages
 *   of other origins even if they send a "simple" request.
 * - The token of this run must be present (see `authorised`), which stops other users and programs on this machine.
 */
export class Gate {
  readonly #host: string;
  readonly #origin: string;
  readonly #token: Buffer;

  /** @param authority as in the printed address: `127.0.0.1:PORT`. */
  constructor(authority: string, token: string) {
    this.#host = authority;
    this.#origin = `http://${authority}`;
    this.#token = Buffer.from(token);
  }

  /** Checks every request, including those for the page itself. Null if it is accepted. */
  sameSite(headers: IncomingHttpHeaders): Rejection | null {
    if (headers.host !== this.#host) {
      return { status: 403, message: 'This address is not served here.' };
    }
    if (headers.origin !== undefined && headers.origin !== this.#origin) {
      return { status: 403, message: 'Requests of other pages are refused.' };
    }
    const site = headers['sec-fetch-site'];
    // "none": the user typed the address or clicked it outside a page.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { status: 403, message: 'Requests of other pages are refused.' };
    }
    return null;
  }

  /** Checks requests that read or change anything. Null if they are accepted. */
  authorised(headers: IncomingHttpHeaders): Rejection | null {
    const given = Buffer.from(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    if (given.length === this.#token.length && timingSafeEqual(given, this.#token)) return null;
    return {
      status: 401,
      message: 'The token of this run is missing or wrong: open the address that was printed.',
    };
  }
}
