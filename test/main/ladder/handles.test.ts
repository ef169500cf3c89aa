import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Lab, startLab } from '../../../src/main/lab/lab.ts';
import { inParallel } from '../../../src/main/ladder/in-parallel.ts';
import { runLab } from '../../../src/main/ladder/lab-run.ts';

/** Every stage, whole and stopped half-way, and every way of ending that the ladder provokes. */
const paths = [
  '/stages/endpoint?delay=1',
  '/stages/browser?delay=1',
  '/stages/node-client?cut=10',
  '/stages/async?count=3&delay=1',
  '/stages/json?mode=events&cut=9',
  '/stages/openai?delay=0',
  '/stages/openai?delay=0&api=responses',
  '/stages/openai?delay=0&model=scripted/error-in-stream',
  '/stages/context?source=steps&delay=1',
  '/stages/context?source=model&delay=0',
  '/stages/context?source=model&delay=0&break=premature-close',
];

async function open(lab: Lab, path: string, stopped: boolean): Promise<void> {
  await runLab({
    id: randomUUID(),
    lab,
    path,
    client: stopped ? 'eventsource' : 'raw',
    signal: new AbortController().signal,
    recorder: null,
    title: '',
    onRecord: (record, stop) => {
      if (stopped && record.kind === 'chunk') stop();
    },
  });
}

/** Handles of the process by kind, when they no longer change. */
async function handles(): Promise<Map<string, number>> {
  let last = '';
  for (let same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = process.getActiveResourcesInfo().toSorted().join();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  const counts = new Map<string, number>();
  for (const name of last.split(',')) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

test('200 runs over all stages leave no socket, timer, server or listener behind', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const before = await handles();
  const lab = await startLab();
  const runs = Array.from({ length: 200 }, (_, n) => n);
  await inParallel(runs, 8, (n) => open(lab, paths[n % paths.length] ?? '', n % 3 === 2));
  const { streams, calls } = lab.counts();
  expect({ streams, calls }).toEqual({ streams: 0, calls: 0 });
  await lab.close();
  const after = await handles();
  process.off('warning', warn);
  expect(lab.counts()).toEqual({ sockets: 0, streams: 0, calls: 0 });
  for (const kind of ['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'Immediate']) {
    expect([kind, after.get(kind) ?? 0]).toEqual([kind, before.get(kind) ?? 0]);
  }
  expect(warnings).toEqual([]);
}, 60_000);
