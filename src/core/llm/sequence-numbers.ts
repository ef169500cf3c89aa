import type { Problems } from './assembly.ts';

/** Numbers that have not come, from the first to the last, and the event that showed it. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
}

/** Gaps kept: beyond, numbers are not looked at any more. */
const MAX_GAPS = 1000;

/** Checks that events come in the order of their numbers, each once, and that none is missing. */
export class SequenceNumbers {
  readonly #problems: Problems;
  #gaps: Gap[] = [];
  #last: number | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** The number of the event `seq`. The first may be any: a response can be taken up again in its middle. */
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

  /** No more will come: what is missing now was lost. */
  end(): void {
    for (const { from, to, seq } of this.#gaps) {
      const numbers = from === to ? `sequence_number ${from}` : `sequence_number ${from} to ${to}`;
      this.#problems.add('sequence-gap', seq, `Events are missing: ${numbers} never came`);
    }
    this.#gaps = [];
  }

  #takeLate(number: number, last: number, seq: number): void {
    const at = this.#gaps.findIndex(({ from, to }) => from <= number && number <= to);
    const gap = this.#gaps[at];
    const verb = gap === undefined ? 'comes again or late' : 'comes late';
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
