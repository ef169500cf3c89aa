import type { Problems } from './assembly.ts';

/** Missing numbers, from first to last, and the event that showed it. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
}

/** The most gaps kept; then numbers are not checked any more. */
const MAX_GAPS = 1000;

/** Checks that sequence numbers are in order, without repetition and complete. */
export class SequenceNumbers {
  readonly #problems: Problems;
  #gaps: Gap[] = [];
  #last: number | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** The number of the event `seq`. The first can be any: a response may be resumed in its middle. */
  take(number: number, seq: number): void {
    const last = this.#last;
    if (last !== null && number <= last) {
      this.#takeLate(number, last, seq);
      return;
    }
    const isGap = last !== null && number > last + 1 && this.#gaps.length < MAX_GAPS;
    if (isGap) this.#gaps.push({ from: last + 1, to: number - 1, seq });
    this.#last = number;
  }

  /** Ends the stream: missing numbers are lost. */
  end(): void {
    for (const { from, to, seq } of this.#gaps) {
      const numbers = from === to ? `sequence_number ${from}` : `sequence_number ${from} to ${to}`;
      this.#problems.add('sequence-gap', seq, `Events are missing: ${numbers} never arrived`);
    }
    this.#gaps = [];
  }

  #takeLate(number: number, last: number, seq: number): void {
    const at = this.#gaps.findIndex(({ from, to }) => from <= number && number <= to);
    const gap = this.#gaps[at];
    const verb = gap === undefined ? 'is repeated or late' : 'is late';
    this.#problems.add('out-of-order', seq, `sequence_number ${number} ${verb}, after ${last}`);
    if (gap === undefined) return;
    const rest = [
      { ...gap, to: number - 1 },
      { ...gap, from: number + 1 },
    ];
    const left = rest.filter(({ from, to }) => from <= to);
    const room = MAX_GAPS - this.#gaps.length + 1;
    this.#gaps.splice(at, 1, ...left.slice(0, room));
  }
}
