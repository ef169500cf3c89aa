import { describe, expect, it } from 'vitest';
import { FrameBatch, type Clock } from '../../../src/renderer/state/frame-batch.ts';

/** Frames and time that pass when the test says so. */
class HandClock implements Clock {
  #frames: (() => void)[] = [];
  #delayed: (() => void)[] = [];

  requestFrame(run: () => void): void {
    this.#frames.push(run);
  }

  delay(run: () => void): void {
    this.#delayed.push(run);
  }

  frame(): void {
    const due = this.#frames;
    this.#frames = [];
    for (const run of due) run();
  }

  wait(): void {
    const due = this.#delayed;
    this.#delayed = [];
    for (const run of due) run();
  }
}

function setUp() {
  const clock = new HandClock();
  const batches: (readonly number[])[] = [];
  return { clock, batches, batch: new FrameBatch<number>((updates) => batches.push(updates), clock) };
}

describe('updates of the window', () => {
  it('are applied at once after a quiet frame', () => {
    const { batch, batches } = setUp();
    batch.push(1);
    expect(batches).toEqual([[1]]);
  });

  it('in the same frame are applied together in the next', () => {
    const { batch, batches, clock } = setUp();
    for (const n of [1, 2, 3, 4]) batch.push(n);
    expect(batches).toEqual([[1]]);
    clock.frame();
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('are applied once per frame, however many arrive', () => {
    const { batch, batches, clock } = setUp();
    for (let frame = 0; frame < 5; frame += 1) {
      for (let n = 0; n < 1000; n += 1) batch.push(n);
      clock.frame();
    }
    expect(batches).toHaveLength(6);
    expect(batches.flat()).toHaveLength(5000);
  });

  it('do not wait for frames in a hidden window', () => {
    const { batch, batches, clock } = setUp();
    batch.push(1);
    batch.push(2);
    clock.wait();
    expect(batches).toEqual([[1], [2]]);
  });

  it('are applied at once again after a frame without updates', () => {
    const { batch, batches, clock } = setUp();
    batch.push(1);
    clock.frame();
    batch.push(2);
    expect(batches).toEqual([[1], [2]]);
  });
});
