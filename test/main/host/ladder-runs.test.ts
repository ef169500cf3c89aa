import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LadderProgress } from '../../../src/contract/ladder.ts';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { LadderRuns } from '../../../src/main/host/ladder-runs.ts';
import { ModelSettings } from '../../../src/main/host/model-settings.ts';
import { MemorySecrets } from '../../../src/main/host/secrets.ts';
import { LadderRunStore } from '../../../src/main/ladder/ladder-run-store.ts';
import { type Lab, startLab } from '../../../src/main/lab/lab.ts';

let folder = '';
let lab: Lab;
let library: CaptureLibrary;
let ladder: LadderRuns;
let news: LadderProgress[] = [];
let notices: string[] = [];
let store: LadderRunStore;
let whenOver: (() => void) | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ladder-runs-'));
  lab = await startLab();
  library = await CaptureLibrary.open(join(folder, 'captures'));
  news = [];
  notices = [];
  store = new LadderRunStore(join(folder, 'ladder-runs'));
  ladder = new LadderRuns({
    lab: () => Promise.resolve(lab),
    library,
    model: await ModelSettings.open(join(folder, 'model.json'), new MemorySecrets(), {}),
    browser: { missing: 'this test has no browser' },
    store,
    emit: (event) => {
      if (event.kind === 'notice') notices.push(event.message);
      if (event.kind !== 'ladder') return;
      news.push(event.progress);
      if (event.progress.kind === 'result') whenOver?.();
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

test('a run emits its progress, and each stream is a capture with the server’s yields', async () => {
  const ended = over();
  await ladder.run({ rungs: [1, 5] });
  expect((await ladder.describe()).running).toBe(true);
  await ended;
  expect(news.at(-1)).toMatchObject({ kind: 'result', passed: true });
  const [first] = news.flatMap((each) => (each.kind === 'capture' ? [each.capture.capture] : []));
  if (first === undefined || first === null) throw new Error('no capture');
  const summary = await library.load(first);
  expect(summary).toMatchObject({ origin: 'ladder', dispatched: 5, name: 'Five events from a plain loop' });
  const { notes } = await (await library.session(first)).reader.exchange();
  expect(notes.filter(({ note }) => note === 'yield')).toHaveLength(5);
});

test('a second run is refused while the first is running, and accepted afterwards', async () => {
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

test('a run on the lab is stored before its result is emitted', async () => {
  const ended = over();
  const kept: number[] = [];
  const listed = ended.then(async () => kept.push((await store.list()).length));
  await ladder.run({ rungs: [1] });
  await listed;
  expect(kept).toEqual([1]);
  const [summary] = await store.list();
  expect(summary).toMatchObject({ target: null, passed: true, stopped: false });
  expect(summary?.states[0]).toBe('passed');
});

test('a run on the user’s server is stored with its streams and without secrets', async () => {
  const ended = over();
  const url = `${lab.origin.replace('://', '://me:sk-secret@')}/stages/endpoint`;
  await ladder.run({ target: { rungs: { '1': { url, headers: { 'X-Api-Key': 'sk-hidden' } } } } });
  await ended;
  expect(news.at(-1)).toMatchObject({ kind: 'result', passed: true });
  const [capture] = news.flatMap((each) => (each.kind === 'capture' ? [each.capture.capture] : []));
  if (capture === undefined || capture === null) throw new Error('no capture');
  expect(await library.load(capture)).toMatchObject({ origin: 'ladder', dispatched: 5 });
  const [summary] = await store.list();
  expect(summary?.target).toMatchObject([{ rung: 1, method: 'GET' }]);
  if (summary === undefined) throw new Error('no run');
  const text = JSON.stringify(await store.open(summary.id));
  expect(text).toContain('/stages/endpoint');
  expect(text).not.toMatch(/sk-secret|sk-hidden/);
});

test.each([
  [{ target: {} }, 'bad-params'],
  [{ target: { url: 'ftp://x/' } }, 'bad-url'],
  [{ target: { url: 'http://x/' }, delay: 50 }, 'bad-params'],
  [{ target: { url: 'http://x/' }, break: 'buffer' as const }, 'bad-params'],
])('%j is refused, and nothing is kept', async (params, code) => {
  await expect(ladder.run(params)).rejects.toMatchObject({ code });
  expect((await ladder.describe()).running).toBe(false);
  expect(await store.list()).toEqual([]);
});

test('a run that cannot be stored still emits its result, with a notice to the user', async () => {
  await writeFile(join(folder, 'ladder-runs'), 'a file where the folder should be');
  const ended = over();
  await ladder.run({ rungs: [1] });
  await ended;
  expect(news.at(-1)).toMatchObject({ kind: 'result', passed: true });
  expect(notices).toEqual([expect.stringMatching(/Cannot save the run/)]);
});
