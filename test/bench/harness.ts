/**
 * A small measuring harness. Machines are noisy and differ, so what is measured are ratios: everything that is compared
 * runs in turns in one process, and the medians are compared.
 */

/** One way of doing a piece of work. */
export interface Contender {
  readonly name: string;
  /** Does the work once. */
  readonly run: () => void | Promise<void>;
}

/** One measured figure beside its target. */
export interface BenchRow {
  readonly what: string;
  readonly measured: number;
  readonly target: number;
  /** Whether the target is the least or the most that will do. */
  readonly bound: 'at-least' | 'at-most';
  /** What the figure is: "× eventsource-parser", "ms", … */
  readonly unit: string;
  /** Absolute figures behind it, for the reader. */
  readonly detail: string;
}

/** A group of rows. Files of `test/bench/` export a list of them as `benchmarks`. */
export interface Benchmark {
  readonly name: string;
  readonly measure: () => Promise<readonly BenchRow[]>;
}

export interface Turns {
  /** Turns that count. */
  readonly rounds: number;
  /** Each turn repeats the work for at least so long. */
  readonly milliseconds: number;
}

/**
 * Lets the contenders take turns.
 * @returns for each contender by name the median time of one run of its work, in ms
 */
export async function takeTurns(
  contenders: readonly Contender[],
  turns: Turns = { rounds: 9, milliseconds: 40 },
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  // The first rounds warm up the compiler, and do not count.
  for (let round = -2; round < turns.rounds; round++) {
    for (const contender of contenders) {
      const time = await timeOf(contender, turns.milliseconds);
      if (round >= 0) times.get(contender.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, measured]) => [name, median(measured)]));
}

/** Whether a row reaches its target. */
export function reached(row: BenchRow): boolean {
  return row.bound === 'at-least' ? row.measured >= row.target : row.measured <= row.target;
}

/** The middle one of some figures; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

async function timeOf(contender: Contender, milliseconds: number): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let elapsed = 0;
  do {
    const done = contender.run();
    // Not awaited where nothing is to wait for: that would be measured too.
    if (done !== undefined) await done;
    runs++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return elapsed / runs;
}
