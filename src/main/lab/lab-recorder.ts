import { performance } from 'node:perf_hooks';
import type { LabRecord, LabRecords } from '../../contract/lab-log.ts';
import { type LabEntry, type LabLog, mostKept, withShortText } from './lab-log.ts';

/**
 * The lab's log for a reader who comes for it when he can: the command line when its output takes more, a window when it
 * draws. Bounded: a reader who is too slow is told how many records he missed.
 */
export class LabRecorder {
  readonly #ring: LabRecord[] = [];
  readonly #began = performance.now();
  readonly #release: () => void;
  readonly #onRecord: () => void;
  #next = 0;

  /**
   * @param isWanted tells by the request's id what is recorded
   * @param onRecord called when there is a new record; must not throw
   */
  constructor(log: LabLog, isWanted: (requestId: string | null) => boolean, onRecord: () => void) {
    this.#onRecord = onRecord;
    this.#release = log.listen((entry) => {
      if (isWanted(entry.requestId)) this.#add(entry);
    });
  }

  /** The records from number `from` on that are kept, at most `most`. */
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

  /** Number of the record that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Records nothing more. */
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
