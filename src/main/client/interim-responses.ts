import { ClientError } from './client-error.ts';
import type { Recording } from './recording.ts';
import type { ResponseHead } from './response-heads.ts';

/** Interim responses to record one by one; further ones are only counted. */
const RECORDED = 100;
/** Interim responses after which the request fails. */
const MOST = 10_000;

/** Records the interim responses (1xx) to one request, of which a server may send any number. */
export class InterimResponses {
  readonly #host: string;
  readonly #recording: Recording;
  #count = 0;

  constructor(host: string, recording: Recording) {
    this.#host = host;
    this.#recording = recording;
  }

  get count(): number {
    return this.#count;
  }

  /** Returns an error if there are too many. */
  add({ status, headers }: ResponseHead): ClientError | null {
    this.#count += 1;
    if (this.#count <= RECORDED)
      this.#recording.note('log', { text: `Interim response ${status}.`, headers });
    if (this.#count < MOST) return null;
    const message = `${this.#host} sent ${MOST} interim responses without a final one.`;
    return new ClientError('TOO_MANY_INTERIM_RESPONSES', message);
  }

  /** Notes how many were only counted. */
  end(): void {
    const more = this.#count - RECORDED;
    if (more > 0) this.#recording.note('log', { text: `${more} more interim responses.`, count: more });
  }
}
