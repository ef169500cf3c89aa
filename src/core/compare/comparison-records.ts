import type { Comparison, ComparedText, Unjudged } from './comparison.ts';
import { pairLevels, type PairLevel } from './event-pairs.ts';
import { sentencesOf } from './comparison-sentences.ts';
import type { MessageDifference } from './message-difference.ts';
import type { SetAside } from './set-aside.ts';
import type { DelaySummary, Timing } from './timing.ts';

/** A pair of matching events. Times in ms, null if a capture has none. */
export interface PairRecord {
  readonly kind: 'pair';
  /** `seq` of the events. */
  readonly a: number;
  readonly b: number;
  /** Time in B minus time in A, each from its own request. */
  readonly delay: number | null;
  /** The delay minus that of the first pair: always 0 for a steady offset. */
  readonly added: number | null;
  readonly level: PairLevel;
}

/** An event without a partner. */
interface OnlyRecord {
  readonly kind: 'only';
  readonly in: 'a' | 'b';
  readonly seq: number;
  /** The event of the other stream that is probably its changed form, or null. */
  readonly changed: number | null;
}

/** The summary of a comparison. */
export interface ComparisonRecord {
  readonly kind: 'result';
  /** The content is the same. */
  readonly equal: boolean;
  readonly pairs: number;
  readonly onlyInA: number;
  readonly onlyInB: number;
  /** ms; null if a capture has no times or there are no pairs. */
  readonly delay: Timing['delay'];
  readonly changed: number;
  /** Events with a partner of which a part has no equal. */
  readonly partlyInA: number;
  readonly partlyInB: number;
  readonly reordered: number;
  readonly levels: Readonly<Record<PairLevel, number>>;
  readonly setAside: readonly SetAside[];
  readonly texts: readonly ComparedText[];
  readonly messages: readonly MessageDifference[];
  readonly unjudged: readonly Unjudged[];
  readonly timing: Omit<Timing, 'delay'>;
  /** The comparison in sentences. */
  readonly summary: readonly string[];
}

/** The result of a comparison in the output of `compare` and `check`. */
export function comparisonRecord(comparison: Comparison): ComparisonRecord {
  const { pairs, setAside, texts, messages, unjudged } = comparison;
  const { delay, ...timing } = comparison.timing;
  const levels = { exact: 0, content: 0, text: 0 };
  for (const level of pairs.level) levels[pairLevels[level] ?? 'exact']++;
  return {
    kind: 'result',
    equal: comparison.equal,
    pairs: pairs.count,
    onlyInA: comparison.onlyInA.length,
    onlyInB: comparison.onlyInB.length,
    delay: delay === null ? null : roundedTimes(delay),
    changed: comparison.changed.a.length,
    partlyInA: comparison.partlyInA.length,
    partlyInB: comparison.partlyInB.length,
    reordered: comparison.reordered,
    levels,
    setAside,
    texts,
    messages,
    unjudged,
    timing: {
      ...timing,
      firstByte: timing.firstByte === null ? null : rounded(timing.firstByte),
      held: timing.held.map((run) => ({ ...run, spanA: rounded(run.spanA), spanB: rounded(run.spanB) })),
      added: timing.added.map((place) => ({ ...place, ms: rounded(place.ms) })),
    },
    summary: sentencesOf(comparison).map(({ text }) => text),
  };
}

/** All events of both streams: pairs in order of A, and events without a partner at their place. */
export function* pairRecords(comparison: Comparison): Generator<PairRecord | OnlyRecord> {
  const { pairs, onlyInA, onlyInB, changed, timing } = comparison;
  const changedA = new Map<number, number>();
  const changedB = new Map<number, number>();
  for (const [n, a] of changed.a.entries()) {
    const b = changed.b[n] as number;
    if (!changedA.has(a)) changedA.set(a, b);
    if (!changedB.has(b)) changedB.set(b, a);
  }
  const first = timing.delay?.first ?? 0;
  let [nextA, nextB] = [0, 0];
  function* until(a: number, b: number): Generator<OnlyRecord> {
    for (; (onlyInA[nextA] ?? a) < a; nextA++) {
      const seq = onlyInA[nextA] as number;
      yield { kind: 'only', in: 'a', seq, changed: changedA.get(seq) ?? null };
    }
    for (; (onlyInB[nextB] ?? b) < b; nextB++) {
      const seq = onlyInB[nextB] as number;
      yield { kind: 'only', in: 'b', seq, changed: changedB.get(seq) ?? null };
    }
  }
  for (let n = 0; n < pairs.count; n++) {
    const [a, b, ms] = [pairs.a[n] as number, pairs.b[n] as number, pairs.delay[n] as number];
    yield* until(a, b);
    const level = pairLevels[pairs.level[n] ?? 0] ?? 'exact';
    const hasTime = !Number.isNaN(ms);
    const [delay, added] = hasTime ? [rounded(ms), rounded(ms - first)] : [null, null];
    yield { kind: 'pair', a, b, delay, added, level };
  }
  yield* until(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
}

function roundedTimes(delay: DelaySummary): DelaySummary {
  const { min, p5, p50, p95, max, first, last } = delay;
  return {
    min: rounded(min),
    p5: rounded(p5),
    p50: rounded(p50),
    p95: rounded(p95),
    max: rounded(max),
    first: rounded(first),
    last: rounded(last),
  };
}

/** Rounded to a microsecond, the resolution of the clocks. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000 + 0;
}
