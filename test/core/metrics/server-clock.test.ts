import { expect, test } from 'vitest';
import { ServerClock } from '../../../src/core/metrics/server-clock.ts';

/** The client's clock shows this much more than the server's. */
const offset = -5_000_000;

test('a clock that nothing is known of has no offset', () => {
  expect(new ServerClock()).toMatchObject({ offset: null, uncertainty: null, isConsistent: true });
});

test('the fastest arrival gives the offset, and the request bounds how wrong it can be', () => {
  const clock = new ServerClock();
  clock.followed(1000, 990 + offset);
  for (const [sent, took] of [
    [1000, 30],
    [1100, 4],
    [1200, 90],
  ] as const)
    clock.arrived(sent, sent + took + offset);
  expect(clock.offset).toBe(offset + 4);
  expect(clock.uncertainty).toBe(14);
  expect(clock.isConsistent).toBe(true);
});

test('the true offset is never outside the bounds', () => {
  let seed = 7;
  const random = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let round = 0; round < 200; round++) {
    const clock = new ServerClock();
    let at = random() * 1000;
    for (let n = 0; n < 10; n++) {
      clock.followed(at, at - random() * 50 + offset);
      clock.arrived(at, at + random() * 50 + offset);
      at += random() * 100;
    }
    expect(clock.offset).toBeGreaterThanOrEqual(offset);
    expect((clock.offset ?? 0) - (clock.uncertainty ?? 0)).toBeLessThanOrEqual(offset);
  }
});

test('a faster stream narrows the bounds that a delayed one gives', () => {
  const delayed = new ServerClock();
  delayed.followed(1000, 999 + offset);
  delayed.arrived(1000, 1300 + offset);
  expect(delayed.uncertainty).toBe(301);
  const quick = new ServerClock();
  quick.arrived(500, 502 + offset);
  delayed.add(quick);
  expect(delayed.offset).toBe(offset + 2);
  expect(delayed.uncertainty).toBe(3);
});

test('a clock that was set in between is not consistent', () => {
  const clock = new ServerClock();
  clock.followed(1000, 990 + offset);
  clock.arrived(1000, 1005 + offset);
  clock.arrived(61_010, 1010 + offset);
  expect(clock.isConsistent).toBe(false);
});
