import { beforeEach, describe, expect, it } from 'vitest';
import type { LadderProgress, RungResult } from '../../../src/contract/ladder.ts';
import { type RungNumber, rungNumbers } from '../../../src/core/rungs.ts';
import type { LadderRunId } from '../../../src/contract/ladder-run.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { rungOfCapture, useLadder } from '../../../src/renderer/state/ladder.ts';
import { usePreferences } from '../../../src/renderer/state/preferences.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

let running = false;
let refusal: Refusal | null = null;
let host: FakeHost;

beforeEach(() => {
  resetSlices();
  running = false;
  refusal = null;
  host = new FakeHost({
    'ladder.describe': () => ({ rungs: [], running }),
    'ladder.run': () => {
      if (refusal !== null) throw refusal;
      return null;
    },
    'ladder.stop': () => null,
  });
  useHost.getState().attach(host);
});

function resultOf(rung: RungNumber, changes: Partial<RungResult> = {}): RungResult {
  return {
    rung,
    name: `rung-${rung}`,
    state: 'passed',
    reason: null,
    checks: [],
    captures: [],
    timing: null,
    break: null,
    duration: 10,
    ...changes,
  };
}

const ladder = () => useLadder.getState();
const stages = () => rungNumbers.map((rung) => ladder().byRung.get(rung)?.stage);
const take = (...news: LadderProgress[]): void => {
  for (const each of news) ladder().take(each);
};
const started = (rung: RungNumber): LadderProgress => ({
  kind: 'rung-started',
  rung,
  name: '',
  break: null,
});

describe('running the ladder', () => {
  it('shows each rung as it runs', async () => {
    await ladder().run();
    expect(ladder().phase).toBe('running');
    take(started(1));
    expect(stages()).toEqual(['running', ...Array<string>(6).fill('waiting')]);
    take({ kind: 'rung', result: resultOf(1) }, started(2));
    expect(stages().slice(0, 3)).toEqual(['passed', 'running', 'waiting']);
  });

  it('collects the checks and captures of the running rung', async () => {
    const check = { name: 'status', title: 'It is 200.', passed: true, evidence: [] };
    const capture = { run: 'a', capture: idOf('a'), title: 'Run' };
    await ladder().run();
    take(started(1), { kind: 'capture', rung: 1, capture }, { kind: 'check', rung: 1, check });
    // A check that is reported twice is listed once.
    take({ kind: 'capture', rung: 1, capture }, { kind: 'check', rung: 1, check });
    expect(ladder().byRung.get(1)).toMatchObject({ checks: [check], captures: [capture] });
    expect(rungOfCapture(ladder(), idOf('a'))).toBe(1);
    expect(rungOfCapture(ladder(), idOf('b'))).toBeNull();
  });

  it('ends with its result, and can then be run again', async () => {
    await ladder().run();
    take({
      kind: 'result',
      passed: false,
      stopped: true,
      rungs: rungNumbers.map((rung) => resultOf(rung, { state: rung === 1 ? 'passed' : 'skipped' })),
    });
    expect(ladder()).toMatchObject({ phase: 'idle', outcome: { stopped: true } });
    expect(stages()).toEqual(['passed', ...Array<string>(6).fill('skipped')]);
    await ladder().run();
    expect(host.callsOf('ladder.run')).toHaveLength(2);
  });

  it('sends no request while it runs', async () => {
    await ladder().run();
    await ladder().run();
    expect(host.callsOf('ladder.run')).toHaveLength(1);
  });

  it('reports why it was refused, and shows the run in progress instead', async () => {
    refusal = new Refusal('busy', 'The ladder is already running.');
    running = true;
    await ladder().run();
    expect(ladder()).toMatchObject({ problem: 'The ladder is already running.', phase: 'running' });
  });

  it('keeps the last results when it is refused', async () => {
    take({ kind: 'rung', result: resultOf(1) });
    refusal = new Refusal('not-available', 'The lab could not start.');
    await ladder().run();
    expect(ladder()).toMatchObject({ problem: 'The lab could not start.', phase: 'idle' });
    expect(stages()[0]).toBe('passed');
  });

  it('ignores progress of the previous run while the next one starts', async () => {
    const begun = ladder().run();
    take({ kind: 'rung', result: resultOf(3, { state: 'skipped' }) });
    expect(stages()[2]).toBe('waiting');
    await begun;
  });
});

describe('a single rung', () => {
  it('leaves the others as they were', async () => {
    take({ kind: 'rung', result: resultOf(1) });
    await ladder().run(4);
    expect(host.callsOf('ladder.run')).toEqual([{ rungs: [4] }]);
    take(started(4), { kind: 'rung', result: resultOf(1, { state: 'skipped' }) });
    expect(stages()).toEqual(['passed', 'idle', 'idle', 'running', 'idle', 'idle', 'idle']);
  });

  it('is only broken by its own break', async () => {
    ladder().arm('buffer');
    await ladder().run(1);
    take({ kind: 'result', passed: true, stopped: false, rungs: [] });
    await ladder().run(4);
    expect(host.callsOf('ladder.run')).toEqual([{ rungs: [1] }, { rungs: [4], break: 'buffer' }]);
  });
});

describe('stopping', () => {
  it('waits for the host', async () => {
    await ladder().run();
    running = false;
    const stopped = ladder().stop();
    expect(ladder().phase).toBe('stopping');
    await stopped;
    expect(ladder().phase).toBe('idle');
    expect(stages()).not.toContain('waiting');
  });

  it('does nothing if nothing runs', async () => {
    await ladder().stop();
    expect(host.callsOf('ladder.stop')).toEqual([]);
  });
});

describe('a page that is opened later', () => {
  it('shows a run that is already in progress', async () => {
    running = true;
    await ladder().load();
    take(started(5));
    expect(ladder().phase).toBe('running');
    expect(stages()[4]).toBe('running');
  });

  it('resets running rungs if the run has ended meanwhile', async () => {
    take(started(5));
    await ladder().load();
    expect(ladder().phase).toBe('idle');
    expect(stages()[4]).toBe('idle');
  });
});

it('closes its panel when a capture is shown, including the current one', () => {
  useCaptures.getState().merge([summaryOf('a')]);
  useCaptures.getState().show(idOf('a'));
  for (const rung of [1, 2] as const) {
    ladder().show(rung);
    useCaptures.getState().show(idOf('a'));
    expect(ladder().shown).toBeNull();
  }
});

describe('the user’s own server', () => {
  const rungs = ['', '', '', '', '', '', ''];

  it('is run at its addresses, and never with a break, which only the lab has', async () => {
    ladder().arm('buffer');
    usePreferences.getState().change({ ladder: { on: 'target', url: 'http://h/x', rungs } });
    await ladder().run(4);
    expect(host.callsOf('ladder.run')).toEqual([{ rungs: [4], target: { url: 'http://h/x' } }]);
  });

  it('does not show the results of the lab', async () => {
    await ladder().run();
    take(started(1), { kind: 'result', passed: true, stopped: false, rungs: [resultOf(1)] });
    expect(stages()[0]).toBe('passed');
    usePreferences.getState().change({ ladder: { on: 'target', url: 'http://h/x', rungs } });
    expect(stages()[0]).toBe('idle');
    expect(ladder().outcome).toBeNull();
  });

  it('is not run without an address, and says why', async () => {
    usePreferences.getState().change({ ladder: { on: 'target', url: '', rungs } });
    await ladder().run();
    expect(host.callsOf('ladder.run')).toEqual([]);
    expect(ladder()).toMatchObject({ phase: 'idle', problem: 'Your server has no address yet.' });
  });
});

describe('a kept run', () => {
  const kept = {
    format: 'sse-ladder-run',
    version: 1,
    id: 'run-1' as LadderRunId,
    startedAt: '2026-11-24T09:00:00.000Z',
    target: [{ rung: 1, method: 'GET', url: 'http://h/x' }],
    result: {
      kind: 'result',
      passed: false,
      stopped: false,
      rungs: rungNumbers.map((rung) => resultOf(rung, { state: rung === 4 ? 'failed' : 'skipped' })),
    },
  } as const;

  it('replaces the newest run until it is closed', () => {
    take({ kind: 'rung', result: resultOf(1) });
    ladder().open(kept);
    expect(stages()).toEqual(['skipped', 'skipped', 'skipped', 'failed', 'skipped', 'skipped', 'skipped']);
    expect(ladder().kept?.startedAt).toBe(kept.startedAt);
    ladder().open({ ...kept, result: { ...kept.result, rungs: [] } });
    ladder().open(null);
    expect(stages()).toEqual(['passed', 'idle', 'idle', 'idle', 'idle', 'idle', 'idle']);
    expect(ladder().kept).toBeNull();
  });

  it('closes when a run starts, here or from another page', async () => {
    ladder().open(kept);
    take(started(1));
    expect(ladder().kept).toBeNull();
    expect(stages()).toEqual(['running', 'idle', 'idle', 'idle', 'idle', 'idle', 'idle']);
    take({ kind: 'result', passed: true, stopped: false, rungs: [resultOf(1)] });
    ladder().open(kept);
    await ladder().run();
    expect(ladder().kept).toBeNull();
    expect(stages()[3]).toBe('waiting');
  });
});
