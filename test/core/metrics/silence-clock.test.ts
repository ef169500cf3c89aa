import { describe, expect, test } from 'vitest';
import {
  gapsUntil,
  SilenceClock,
  stallCountUntil,
  stallsUntil,
} from '../../../src/core/metrics/silence-clock.ts';

function clock(outputs: readonly number[]): SilenceClock {
  const made = new SilenceClock();
  for (const at of outputs) made.output(at);
  return made;
}
/** `count` times, `step` ms apart, from `from` on. */
const every = (step: number, count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => from + n * step);
/** Bursts of `size` outputs, a bit apart each, every `step` ms. */
const bursts = (step: number, count: number, size = 10) =>
  every(step, count).flatMap((at) => every(0.3, size, at));

describe('SilenceClock', () => {
  test('finds the one silence among usual gaps, exactly', () => {
    const { silences } = clock([...every(20, 50), ...every(20, 50, 4000)]);
    expect(silences).toEqual({
      threshold: 1000,
      stalls: [{ at: 980, ms: 3020 }],
      stallCount: 1,
      openSince: 4980,
    });
  });

  test('calls no silence under 1 s a stall, nor one under ten times the usual gap', () => {
    expect(clock([...every(1, 50), 1048]).silences.stallCount).toBe(0);
    expect(clock([...every(1, 50), 1049]).silences.stallCount).toBe(1);
    expect(clock([...every(500, 20), 14_000]).silences.stallCount).toBe(0);
    expect(clock([...every(500, 20), 14_700]).silences.stallCount).toBe(1);
  });

  test('calls no pause between bursts a stall where bursts are the rule', () => {
    expect(clock(bursts(1200, 12)).silences.stallCount).toBe(0);
    expect(clock([...bursts(1200, 12), 30_000]).silences.stalls).toMatchObject([
      { ms: expect.closeTo(16_797.3) },
    ]);
  });

  test('does not judge before five arrivals', () => {
    expect(clock([0, 20, 40, 9000]).silences).toMatchObject({ threshold: null, stallCount: 0 });
    expect(clock([0, 20, 40, 9000, 9020]).silences.stallCount).toBe(1);
    // Forty outputs at one moment are one arrival.
    expect(clock([...every(0, 40), 5000]).silences.stallCount).toBe(0);
  });

  test('judges by the whole stream, for any order of gaps', () => {
    // The first gap is the long one: what is usual shows later.
    expect(clock([0, ...every(20, 20, 3000)]).silences.stalls).toEqual([{ at: 0, ms: 3000 }]);
  });

  test('counts the current silence once it is a stall', () => {
    const { silences, gaps } = clock(every(20, 50));
    expect(stallsUntil(silences, 1900)).toEqual([]);
    expect(stallsUntil(silences, 2100)).toEqual([{ at: 980, ms: 1120 }]);
    expect(stallCountUntil(silences, 2100)).toBe(1);
    expect(gapsUntil(gaps, silences, 2100)).toMatchObject({ max: 1120 });
    expect(gapsUntil(gaps, silences, null)).toEqual(gaps);
  });

  test('counts the silence in which the stream ended', () => {
    const made = clock(every(20, 50));
    made.end(7880);
    expect(made.silences).toMatchObject({ stalls: [{ at: 980, ms: 6900 }], stallCount: 1, openSince: null });
    expect(made.gaps?.max).toBe(6900);
    expect(made.gaps?.p95).toBeLessThan(21);
  });

  test('counts no silence after the message is finished, but the one before the sign of it', () => {
    const made = clock(every(20, 50));
    made.finish(3000);
    made.end(60_000);
    expect(made.silences.stalls).toEqual([{ at: 980, ms: 2020 }]);
    expect(made.gaps?.max).toBe(2020);
  });

  test('does not count the time between two connections, but the silence that the first ended in', () => {
    const made = clock(every(20, 50));
    made.reconnect(3000);
    expect(made.silences).toMatchObject({ stalls: [{ at: 980, ms: 2020 }], openSince: null });
    for (const at of every(20, 50, 9000)) made.output(at);
    expect(made.silences).toMatchObject({ stalls: [{ at: 980, ms: 2020 }], openSince: 9980 });
    expect(made.gaps?.max).toBe(2020);
  });

  test('keeps the longest stalls and counts all', () => {
    const outputs: number[] = [];
    let at = 0;
    for (let n = 0; n < 80; n++) {
      outputs.push(...every(20, 20, at));
      at += 400 + 1000 + n;
    }
    const { stalls, stallCount } = clock(outputs).silences;
    expect(stallCount).toBe(79);
    expect(stalls).toHaveLength(50);
    expect(Math.min(...stalls.map(({ ms }) => ms))).toBe(1020 + 29);
    expect(stalls.map((stall) => stall.at)).toEqual(stalls.map((stall) => stall.at).sort((a, b) => a - b));
  });

  test('does not count a time that goes back as silence', () => {
    const { silences, gaps } = clock([...every(20, 50, 5000), 10, ...every(20, 5, 6000)]);
    expect(silences.stallCount).toBe(0);
    expect(gaps?.max).toBeLessThan(25);
  });
});
