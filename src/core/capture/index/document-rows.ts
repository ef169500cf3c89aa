import { firstIndex } from '../../binary-search.ts';
import { assertNever } from '../../assert-never.ts';
import type { JsonDocument } from '../../json/documents.ts';
import { payloadStates, type PayloadState } from '../../json/payload.ts';
import { OffsetColumn } from './offset-column.ts';
import { numberColumn } from './paged-column.ts';
import { TallyColumn } from './tally-column.ts';

/** Groups of JSON rows that the timeline shows. */
export const jsonGroups = ['ok', 'partial', 'malformed', 'other'] as const;

/** The most events after the first that the byte of a JSON row can state; a map has larger counts. */
const maxSpan = 31;

/** What the index knows about a JSON row. */
export interface IndexedDocument {
  readonly state: PayloadState;
  /** `seq` of its first and last event. */
  readonly events: readonly [first: number, last: number];
  /**
   * Where its text begins in the data of the first event and ends in that of the last; null if it is the whole data of
   * one event.
   */
  readonly cut: { readonly from: number; readonly to: number } | null;
}

/** The rows of the documents lane, in the order of arrival: see `CaptureIndex`. */
export class DocumentRows {
  /** `seq` of each row's first event. */
  readonly #first = new OffsetColumn();
  /** Three bits for the state, five for the events after the first. */
  readonly #bits = new TallyColumn(jsonGroups.length, (value) => groupOf(payloadStates[value & 7] ?? 'text'));
  readonly #longSpans = new Map<number, number>();
  /** Rows that are not the whole data of one event, and where their texts begin and end. */
  readonly #cutRows = new OffsetColumn();
  readonly #cutFrom = numberColumn();
  readonly #cutTo = numberColumn();

  get length(): number {
    return this.#bits.length;
  }

  /** Bytes of memory that the columns take. */
  get memory(): number {
    const columns = [this.#first, this.#bits, this.#cutRows, this.#cutFrom, this.#cutTo];
    return columns.reduce((sum, column) => sum + column.memory, 0);
  }

  /** @param ofEvent payload state of the document's first event */
  add(document: JsonDocument, ofEvent: PayloadState | null): void {
    const [first, last] = document.events;
    const row = this.length;
    // Several texts in one event: the event is malformed, each text is complete.
    if (first !== last || document.from > 0 || document.state !== ofEvent) {
      this.#cutRows.push(row);
      this.#cutFrom.push(document.from);
      this.#cutTo.push(document.to);
    }
    const span = Math.min(last - first, maxSpan);
    if (span === maxSpan) this.#longSpans.set(row, last - first);
    this.#first.push(first);
    this.#bits.push(payloadStates.indexOf(document.state) | (span << 3));
  }

  get(row: number): IndexedDocument {
    const events = [this.#first.get(row), this.#lastEvent(row)] as const;
    const cut = this.#cutRows.firstAtLeast(row);
    const isCut = cut < this.#cutRows.length && this.#cutRows.get(cut) === row;
    return {
      state: payloadStates[this.#bits.get(row) & 7] ?? 'text',
      events,
      cut: isCut ? { from: this.#cutFrom.get(cut), to: this.#cutTo.get(cut) } : null,
    };
  }

  #lastEvent(row: number): number {
    const span = this.#bits.get(row) >> 3;
    return this.#first.get(row) + (span === maxSpan ? (this.#longSpans.get(row) ?? span) : span);
  }

  /** The first row whose last event is `seq` or a later one; the length without one. */
  endingFrom(seq: number): number {
    return firstIndex(0, this.length, (row) => this.#lastEvent(row) >= seq);
  }

  /** The first row whose first event is `seq` or a later one; the length without one. */
  beginningFrom(seq: number): number {
    return this.#first.firstAtLeast(seq);
  }

  /** Rows of each group, in the order of `jsonGroups`, before a row. */
  countsBefore(row: number): readonly number[] {
    return this.#bits.countsBefore(row);
  }
}

function groupOf(state: PayloadState): number {
  switch (state) {
    case 'complete':
    case 'sentinel':
      return 0;
    case 'partial':
      return 1;
    case 'malformed':
      return 2;
    case 'text':
    case 'empty':
      return 3;
    default:
      return assertNever(state);
  }
}
