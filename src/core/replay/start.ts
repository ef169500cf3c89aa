import type { Records } from '../capture/capture-source.ts';
import type { CaptureTime } from '../capture-time.ts';
import { framingOfHeaders } from '../pipeline/framing.ts';
import { FramedReader } from '../pipeline/framed-reader.ts';
import { LegCounter } from './legs.ts';
import type { ReplaySurvey } from './survey.ts';

/** Where in a capture an answer begins. */
export interface ReplayStart {
  /** Number of the leg. */
  readonly leg: number;
  /** Byte of the leg's body. */
  readonly offset: number;
  /** The recorded time that counts as the time of the request; null where it is not known. */
  readonly origin: CaptureTime;
}

/** The answer to a request that resumes. */
export type Resumption =
  | { readonly kind: 'at'; readonly start: ReplayStart }
  /** Everything was sent before. */
  | { readonly kind: 'nothing-left' }
  /** The capture has no such id. */
  | { readonly kind: 'unknown-id' };

export const fromBeginning: ReplayStart = { leg: 0, offset: 0, origin: 0 };

/**
 * Where a request with this Last-Event-ID goes on. Where the capture reconnected with the same id, it gets what was answered
 * then; else what is behind the first event that set the id.
 * @param repeats begins with that event instead: the mistake that `duplicate-after-reconnect` makes on purpose
 */
export async function resumeAt(
  records: Records,
  lastEventId: string,
  { reconnections }: Pick<ReplaySurvey, 'reconnections'>,
  repeats: boolean,
): Promise<Resumption> {
  // Where it reconnected several times with the same id, all but the last were in vain.
  const wanted = [...reconnections].findLast(([, id]) => id === lastEventId)?.[0] ?? null;
  const search = new IdSearch(lastEventId, repeats);
  const legs = new LegCounter();
  let leg = 0;
  for await (const record of records) {
    legs.push(record);
    const isAnswer = record.kind === 'response' || record.kind === 'chunk';
    if (!isAnswer) continue;
    const { number, startedAt } = legs;
    if (number === wanted) return at(number, 0, startedAt);
    if (wanted !== null) continue;
    if (number > leg) {
      search.endBody();
      // The event was the last of its leg: the next leg goes on.
      if (search.found !== null) return at(number, 0, startedAt);
      leg = number;
    }
    if (record.kind === 'response') search.beginBody(framingOfHeaders(record.headers));
    else search.push(record.bytes, record.at);
    const { found, read } = search;
    if (found !== null && read > found.offset) return at(leg, found.offset, found.at);
  }
  search.endBody();
  return { kind: search.found === null ? 'unknown-id' : 'nothing-left' };
}

function at(leg: number, offset: number, origin: CaptureTime): Resumption {
  return { kind: 'at', start: { leg, offset, origin } };
}

/** Searches bodies for the first block that sets an id. */
class IdSearch {
  /** Where the search ended, in its body, and when those bytes had come. */
  found: { readonly offset: number; readonly at: CaptureTime } | null = null;
  /** Bytes of the present body. */
  read = 0;
  #bodyStart = 0;
  #previousId = '';
  readonly #reader: FramedReader;

  constructor(id: string, repeats: boolean) {
    this.#reader = new FramedReader({
      block: ({ lastEventId, range, at }) => {
        const sets = lastEventId === id && this.#previousId !== id;
        this.#previousId = lastEventId;
        if (!sets || this.found !== null) return;
        this.found = { offset: (repeats ? range.start : range.end) - this.#bodyStart, at };
      },
      // It ended in a CR, and the LF that belongs to it came with the next chunk.
      blockExtended: ({ range }) => {
        if (this.found !== null && !repeats)
          this.found = { ...this.found, offset: range.end - this.#bodyStart };
      },
    });
  }

  beginBody(framing: Parameters<FramedReader['beginBody']>[0]): void {
    this.#reader.beginBody(framing);
  }

  push(bytes: Uint8Array, at: CaptureTime): void {
    this.read += bytes.length;
    this.#reader.push(bytes, 0, at);
  }

  endBody(): void {
    this.#reader.endBody(true);
    this.#bodyStart += this.read;
    this.read = 0;
  }
}
