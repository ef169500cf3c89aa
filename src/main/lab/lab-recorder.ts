import { performance } from 'node:perf_hooks';
import type { LabRecord, LabRecords } from '../../contract/lab-log.ts';
import { type LabEntry, type LabLog, mostKept, withShortText } from './lab-log.ts';

/**
 * Records of the lab's log for a reader that polls: the command line when its output accepts more, a window when it draws.
 * Bounded: a slow reader learns how many records it missed.
 */
export class LabRecorder {
  readonly #ring: LabRecord[] = [];
  readonly #began = performance.now();
  readonly #release: () => void;
  readonly #onRecord: () => void;
  #next = 0;

  /**
   * @param isWanted whether to record entries of this request
   * @param onRecord called after each new record; must not throw
   */
  constructor(log: LabLog, isWanted: (requestId: string | null) => boolean, onRecord: () => void) {
    this.#onRecord = onRecord;
    this.#release = log.listen((entry) => {
      if (isWanted(entry.requestId)) this.#add(entry);
    });
  }

  /** The kept records from number `from`, at most `most` of them. */
  since(from: number, most: number): LabRecords {
    const first = Math.min(this.#next, Math.max(from, this.#next - mostKept));
    const end = Math.min(this.#next, first + most);
    const records: LabRecord[] = [];
    for (let seq = first; seq < end; seq += 1) {
      const record = this.#ring[seq % mostKept];
      if (record !== undefined) records.push(record);
    }
    return { records, next: end, missed: Math.max(0, first - from) };
  }

  /** Number of the next record. */
  get next(): number {
    return this.#next;
  }

  /** Stops recording. */
  close(): void {
    this.#release();
  }

  #add(entry: LabEntry): void {
    const { contextId: _, ...rest } = withShortText(entry);
    const seq = this.#next++;
    const at = Math.max(0, entry.at - this.#began);
    const time = new Date(performance.timeOrigin + entry.at).toISOString();
    this.#ring[seq % mostKept] = { ...rest, seq, at, time };
    this.#onRecord();
  }
}
