import type { Records } from '../capture/capture-source.ts';
import type { CaptureTime } from '../capture-time.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { FramedReader } from '../pipeline/framed-reader.ts';
import { framingOfHeaders, framingOfNote } from '../pipeline/framing.ts';
import type { Framing } from '../sse/block.ts';
import { LegCounter } from './legs.ts';

/** What a replay knows of its capture before it serves it. Small, whatever the size of the capture. */
export interface ReplaySurvey {
  /** The Last-Event-ID that each reconnection of the capture sent, by the number of its leg. Leg 0 is none. */
  readonly reconnections: ReadonlyMap<number, string>;
  /** Status of the first response; null where the capture has a body alone. */
  readonly status: number | null;
  /** Framing of the first body. */
  readonly framing: Framing;
  /** Of the first body, in chunks that are not empty. */
  readonly bytes: number;
  readonly chunks: number;
  /** Time from the request to the end of the first leg, ms; null for a capture without times. */
  readonly duration: CaptureTime;
  /** Some event of the first body has an id. */
  readonly hasIds: boolean;
  /** The first body has a character of several bytes; a CR LF; a blank line at its end. */
  readonly hasMultiByte: boolean;
  readonly hasCrLf: boolean;
  readonly endsBlank: boolean;
}

/** Goes through a capture once. Null if it has no response and no body, so that there is nothing to serve. */
export async function surveyReplay(records: Records): Promise<ReplaySurvey | null> {
  const surveyor = new Surveyor();
  for await (const record of records) surveyor.push(record);
  return surveyor.survey();
}

class Surveyor {
  readonly #legs = new LegCounter();
  readonly #reconnections = new Map<number, string>();
  readonly #reader = new FramedReader({
    block: ({ lastEventId }) => {
      if (lastEventId !== '') this.#hasIds = true;
    },
    blockExtended: () => undefined,
  });
  readonly #text = new TextTraits();
  #hasResponse = false;
  #status: number | null = null;
  #framing: Framing | null = null;
  #bytes = 0;
  #chunks = 0;
  #lastAt: CaptureTime = null;
  #hasIds = false;

  push(record: CaptureRecord): void {
    this.#legs.push(record);
    const { number, lastEventId } = this.#legs;
    if (number > 0) {
      // An attempt that reached nobody is no leg.
      if (record.kind === 'response' || record.kind === 'chunk') this.#reconnections.set(number, lastEventId);
      return;
    }
    if (record.at !== null) this.#lastAt = record.at;
    if (record.kind === 'response') {
      this.#hasResponse = true;
      this.#status = record.status;
      this.#framing = framingOfHeaders(record.headers);
      this.#reader.beginBody(this.#framing);
    } else if (record.kind === 'note' && this.#bytes === 0) {
      const framing = framingOfNote(record);
      if (framing !== null) this.#reader.beginBody(framing);
    } else if (record.kind === 'chunk' && record.bytes.length > 0) {
      this.#bytes += record.bytes.length;
      this.#text.push(record.bytes);
      // One id answers the question.
      if (!this.#hasIds) this.#reader.push(record.bytes, this.#chunks, null);
      this.#chunks++;
    }
  }

  survey(): ReplaySurvey | null {
    if (!this.#hasResponse && this.#bytes === 0) return null;
    this.#reader.endBody(true);
    const { hasMultiByte, hasCrLf, endsBlank } = this.#text;
    return {
      reconnections: this.#reconnections,
      status: this.#status,
      framing: this.#framing ?? this.#reader.framing ?? 'event-stream',
      bytes: this.#bytes,
      chunks: this.#chunks,
      duration: this.#lastAt,
      hasIds: this.#hasIds,
      hasMultiByte,
      hasCrLf,
      endsBlank,
    };
  }
}

/** Where a body could be cut: told from its bytes as they come. */
class TextTraits {
  hasMultiByte = false;
  hasCrLf = false;
  /** Line endings that the body ends in: a CR LF is one. */
  #endings = 0;
  #last = 0;

  get endsBlank(): boolean {
    return this.#endings > 1;
  }

  push(bytes: Uint8Array): void {
    const crossing = this.#last === CR && bytes[0] === LF;
    this.hasCrLf ||= crossing || hasPair(bytes);
    this.hasMultiByte ||= hasMultiByte(bytes);
    let from = bytes.length;
    while (from > 0 && isEnding(bytes[from - 1])) from--;
    if (from > 0) this.#endings = 0;
    for (let at = from; at < bytes.length; at++) {
      const before = at === 0 ? this.#last : bytes[at - 1];
      if (bytes[at] !== LF || before !== CR) this.#endings++;
    }
    this.#last = bytes.at(-1) ?? this.#last;
  }
}

const CR = 0x0d;
const LF = 0x0a;

function isEnding(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}

function hasMultiByte(bytes: Uint8Array): boolean {
  // A loop and no callback: a capture may have a gigabyte.
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) > 0x7f) return true;
  }
  return false;
}

function hasPair(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] === LF) return true;
  }
  return false;
}
