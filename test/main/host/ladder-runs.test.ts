import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LadderProgress } from '../../../src/contract/ladder.ts';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { LadderRuns } from '../../../src/main/host/ladder-runs.ts';
import { ModelSettings } from '../../../src/main/host/model-settings.ts';
import { MemorySecrets } from '../../../src/main/host/secrets.ts';
import { type Lab, startLab } from '../../../src/main/lab/lab.ts';

let folder = '';
let lab: Lab;
let library: CaptureLibrary;
let ladder: LadderRuns;
let news: LadderProgress[] = [];
let whenOver: (() => void) | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ladder-runs-'));
  lab = await startLab();
  library = await CaptureLibrary.open(join(folder, 'captures'));
  news = [];
  ladder = new LadderRuns({
    lab: () => Promise.resolve(lab),
    library,
    model: await ModelSettings.open(join(folder, 'model.json'), new MemorySecrets(), {}),
    probe: { missing: 'this test has no browser' },
    tell: ({ progress }) => {
      news.push(progress);
      if (progress.kind === 'result') whenOver?.();
    },
  });
});
afterEach(async () => {
  await ladder.close();
  await library.close();
  await lab.close();
  await rm(folder, { recursive: true });
});

const over = (): Promise<void> => new Promise((resolve) => (whenOver = resolve));

test('a climb tells its news, and each run is a capture with the server’s yields', async () => {
  const ended = over();
  await ladder.run({ rungs: [1, 5] });
  expect((await ladder.describe()).running).toBe(true);
  await ended;
  expect(news.at(-1)).toMatchObject({ kind: 'result', passed: true });
  const [first] = news.flatMap((each) => (each.kind === 'capture' ? [each.capture.capture] : []));
  if (first === undefined || first === null) throw new Error('no capture');
  const summary = await library.load(first);
  expect(summary).toMatchObject({ origin: 'ladder', dispatched: 5, name: 'Five events from a plain loop' });
  const { notes } = await (await library.session(first)).exchange();
  expect(notes.filter(({ note }) => note === 'yield')).toHaveLength(5);
});

test('a second climb is refused while the first goes on, and accepted after it', async () => {
  const ended = over();
  await ladder.run({ rungs: [1] });
  await expect(ladder.run({ rungs: [1] })).rejects.toMatchObject({ code: 'busy' });
  await ended;
  await ladder.stop();
  await ladder.run({ rungs: [1] });
});

test('a refusal of the ladder is a refusal of the command', async () => {
  await expect(ladder.run({ rungs: [1], break: 'buffer' })).rejects.toMatchObject({ code: 'bad-params' });
  expect((await ladder.describe()).running).toBe(false);
});

test('closing while it runs stops it, and nothing is left open', async () => {
  await ladder.run({});
  await ladder.close();
  expect(news.at(-1)).toMatchObject({ kind: 'result', stopped: true });
  expect((await ladder.describe()).running).toBe(false);
});
