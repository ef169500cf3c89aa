import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Lab, startLab } from '../../../../src/main/lab/lab.ts';
import { inParallel } from '../../../../src/core/in-parallel.ts';
import { readLabStream } from '../../../../src/main/ladder/lab/lab-stream.ts';
import { handlesLeft, openHandles } from '../../../fixtures/handles.ts';

/** Every stage, and every way of ending that the ladder uses. */
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
  await readLabStream({
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

test('200 streams of all stages leave no socket, timer, server or listener open', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const before = openHandles();
  const lab = await startLab();
  const runs = Array.from({ length: 200 }, (_, n) => n);
  await inParallel(runs, 8, (n) => open(lab, paths[n % paths.length] ?? '', n % 3 === 2));
  const { streams, calls } = lab.counts();
  expect({ streams, calls }).toEqual({ streams: 0, calls: 0 });
  await lab.close();
  process.off('warning', warn);
  expect(lab.counts()).toEqual({ sockets: 0, streams: 0, calls: 0 });
  expect(await handlesLeft(before)).toEqual([]);
  expect(warnings).toEqual([]);
}, 60_000);
