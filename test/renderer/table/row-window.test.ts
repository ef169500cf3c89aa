import { describe, expect, it, vi } from 'vitest';
import type { RowsWindow } from '../../../src/contract/lane.ts';
import { RowWindow, type Wanted } from '../../../src/renderer/table/row-window.ts';
import { rowOf } from '../fake-host.ts';

/** A host whose answers the test gives one by one. */
class SlowHost {
  readonly asked: (readonly [from: number, to: number])[] = [];
  total = 1000;
  readonly #waiting: { give: () => void; refuse: (error: Error) => void }[] = [];

  readonly fetch = (from: number, to: number): Promise<RowsWindow> => {
    this.asked.push([from, to]);
    return new Promise((resolve, reject) => {
      const give = (): void => resolve(windowOf(from, to, this.total));
      this.#waiting.push({ give, refuse: reject });
    });
  };

  async answer(): Promise<void> {
    this.#waiting.shift()?.give();
    await settled();
  }

  async refuse(message: string): Promise<void> {
    this.#waiting.shift()?.refuse(new Error(message));
    await settled();
  }
}

/** All promise callbacks that are due have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function windowOf(from: number, to: number, total: number, searched = true): RowsWindow {
  const end = Math.min(to, total);
  const rows = Array.from({ length: Math.max(0, end - from) }, (_, n) => rowOf('blocks', from + n));
  return { total, searched, from, rows };
}

const want = (first: number, end: number, revision = ''): Wanted => ({
  first,
  end,
  spare: 10,
  revision,
  newest: false,
});

function setUp() {
  const host = new SlowHost();
  const problems: unknown[] = [];
  let changes = 0;
  const held = new RowWindow(
    host.fetch,
    () => (changes += 1),
    (error) => problems.push(error),
  );
  return { host, held, problems, changes: () => changes };
}

describe('the rows that the table has loaded', () => {
  it('are the visible ones and some on each side', async () => {
    const { host, held } = setUp();
    held.want(want(100, 120));
    expect(host.asked).toEqual([[90, 130]]);
    await host.answer();
    expect(held.rows?.from).toBe(90);
    expect(held.rows?.rows).toHaveLength(40);
  });

  it('are requested one window at a time, and then only the latest one', async () => {
    const { host, held } = setUp();
    held.want(want(0, 20));
    held.want(want(200, 220));
    held.want(want(400, 420));
    held.want(want(600, 620));
    expect(host.asked).toHaveLength(1);
    await host.answer();
    expect(host.asked).toEqual([
      [0, 30],
      [590, 630],
    ]);
  });

  it('stay until others have arrived', async () => {
    const { host, held } = setUp();
    held.want(want(0, 20));
    await host.answer();
    held.want(want(500, 520));
    expect(held.rows?.from).toBe(0);
    await host.answer();
    expect(held.rows?.from).toBe(490);
  });

  it('are not requested again while they cover the visible rows', async () => {
    const { host, held } = setUp();
    held.want(want(100, 120));
    await host.answer();
    held.want(want(95, 115));
    held.want(want(108, 128));
    expect(host.asked).toHaveLength(1);
  });

  it('are requested again when the stream has grown into view', async () => {
    const { host, held } = setUp();
    host.total = 15;
    held.want(want(0, 15));
    await host.answer();
    host.total = 18;
    held.want(want(0, 18));
    await host.answer();
    expect(held.rows?.rows).toHaveLength(18);
  });

  it('are not requested endlessly if the lane is shorter than expected', async () => {
    const { host, held } = setUp();
    host.total = 5;
    held.want(want(0, 20));
    await host.answer();
    held.want(want(0, 20));
    expect(host.asked).toHaveLength(1);
    expect(held.rows?.rows).toHaveLength(5);
  });

  it('are requested again when they may have changed', async () => {
    const { host, held } = setUp();
    held.want(want(0, 20, 'streaming'));
    await host.answer();
    held.want(want(0, 20, 'ended'));
    expect(host.asked).toHaveLength(2);
  });

  it('never exceed a thousand, however high the window is', () => {
    const { host, held } = setUp();
    held.want({ first: 5000, end: 9000, spare: 50, revision: '', newest: false });
    expect(host.asked).toEqual([[4950, 5950]]);
  });

  it('are requested again until the host has searched everything', async () => {
    vi.useFakeTimers();
    try {
      const answers = [windowOf(0, 20, 3, false), windowOf(0, 20, 8, false), windowOf(0, 20, 9, true)];
      let asked = 0;
      const fetch = (): Promise<RowsWindow> => Promise.resolve(answers[asked++] ?? windowOf(0, 20, 0));
      const totals: (number | undefined)[] = [];
      const held: RowWindow = new RowWindow(
        fetch,
        () => totals.push(held.rows?.total),
        () => {},
      );
      held.want(want(0, 20));
      await vi.runAllTimersAsync();
      expect(totals).toEqual([3, 8, 9]);
      expect(asked).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it('report once why they cannot be loaded, and are requested again on demand', async () => {
    const { host, held, problems } = setUp();
    held.want(want(0, 20));
    await host.refuse('the disk is gone');
    held.want(want(0, 20));
    expect(problems).toHaveLength(1);
    expect(host.asked).toHaveLength(1);
    held.retry();
    await host.answer();
    expect(held.rows?.rows).toHaveLength(30);
  });

  it('change nothing after the table is closed', async () => {
    const { host, held, changes } = setUp();
    held.want(want(0, 20));
    held.close();
    await host.answer();
    expect(changes()).toBe(0);
  });
});
