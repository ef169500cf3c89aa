import type { CaptureTime } from '../capture-time.ts';
import type { Records } from '../capture/capture-source.ts';
import type { CaptureRecord, NoteRecord, ResponseRecord } from '../capture/record.ts';

/**
 * A record with its place in an archive. A capture has one part per response (several after reconnections), and each
 * part becomes an entry.
 */
export interface PlacedRecord {
  /** Number of its part, from 0. */
  readonly part: number;
  /** Its index among the records of the part, from 0. */
  readonly index: number;
  readonly record: CaptureRecord;
}

/** What the start of an entry needs to know about its part. */
export interface PartSurvey {
  readonly response: ResponseRecord | null;
  /** Notes of kind `phase`: the first 100. */
  readonly phases: readonly NoteRecord[];
  /** Range of the part in the body of the capture. */
  readonly start: number;
  readonly stop: number;
  /** Sum over its chunks. */
  readonly wireBytes: number;
  /** The body is well-formed UTF-8. */
  readonly isText: boolean;
  /** Time of its last record with a time. */
  readonly lastAt: CaptureTime;
}

/** Gives each record its place. A second response begins the next part. */
export async function* placeRecords(records: Records): AsyncGenerator<PlacedRecord> {
  let part = 0;
  let index = 0;
  let responded = false;
  for await (const record of records) {
    if (record.kind === 'response') {
      if (responded) {
        part++;
        index = 0;
      }
      responded = true;
    }
    yield { part, index: index++, record };
  }
}

/** Reads a capture once and returns its parts, at least one. */
export async function surveyParts(records: Records): Promise<readonly PartSurvey[]> {
  const parts: PartSurvey[] = [];
  let tally = new PartTally(0);
  for await (const { part, record } of placeRecords(records)) {
    if (part > parts.length) {
      const survey = tally.end();
      parts.push(survey);
      tally = new PartTally(survey.stop);
    }
    tally.add(record);
  }
  parts.push(tally.end());
  return parts;
}

class PartTally {
  readonly #start: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #phases: NoteRecord[] = [];
  #response: ResponseRecord | null = null;
  #stop: number;
  #wireBytes = 0;
  #isText = true;
  #lastAt: CaptureTime = null;

  constructor(start: number) {
    this.#start = start;
    this.#stop = start;
  }

  add(record: CaptureRecord): void {
    this.#lastAt = record.at ?? this.#lastAt;
    if (record.kind === 'response') this.#response = record;
    else if (record.kind === 'note') {
      if (record.note === 'phase' && this.#phases.length < 100) this.#phases.push(record);
    } else if (record.kind === 'chunk') {
      this.#wireBytes += record.wireBytes;
      this.#stop += record.bytes.length;
      this.#decode(record.bytes);
    }
  }

  end(): PartSurvey {
    this.#decode(null);
    return {
      response: this.#response,
      phases: this.#phases,
      start: this.#start,
      stop: this.#stop,
      wireBytes: this.#wireBytes,
      isText: this.#isText,
      lastAt: this.#lastAt,
    };
  }

  #decode(bytes: Uint8Array | null): void {
    if (!this.#isText) return;
    try {
      if (bytes === null) this.#decoder.decode();
      else this.#decoder.decode(bytes, { stream: true });
    } catch {
      this.#isText = false;
    }
  }
}
