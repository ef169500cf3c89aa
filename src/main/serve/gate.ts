import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away: an HTTP status and a sentence. Says nothing that helps a stranger. */
export interface Rejection {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Decides who may talk to the browser-mode host. Any page in the user's browser can send requests to a loopback port,
 * so three things are checked, each enough to stop another kind of stranger:
 * - `Host` must be this very address: a name rebound to 127.0.0.1 is another.
 * - `Origin`, where sent, must be this very origin, and `Sec-Fetch-Site` must not say cross-site: a page of
 *   another origin is turned away even where it could make a "simple" request.
 * - the token of this run must be there (see `authorised`): another user or program on this machine has none.
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

  /** For every request, the page itself included. Null where it may pass. */
  sameSite(headers: IncomingHttpHeaders): Rejection | null {
    if (headers.host !== this.#host) {
      return { status: 403, message: 'This address is not served here.' };
    }
    if (headers.origin !== undefined && headers.origin !== this.#origin) {
      return { status: 403, message: 'Requests of other pages are refused.' };
    }
    const site = headers['sec-fetch-site'];
    // "none" is the user's own doing: an address typed or clicked outside a page.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { status: 403, message: 'Requests of other pages are refused.' };
    }
    return null;
  }

  /** For everything that reads or does something. Null where it may pass. */
  authorised(headers: IncomingHttpHeaders): Rejection | null {
    const given = Buffer.from(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    if (given.length === this.#token.length && timingSafeEqual(given, this.#token)) return null;
    return {
      status: 401,
      message: 'The token of this run is missing or wrong: open the address that was printed.',
    };
  }
}
