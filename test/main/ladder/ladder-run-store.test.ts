import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LadderRun, ladderRunId } from '../../../src/contract/ladder-run.ts';
import { type Check, type RungState } from '../../../src/contract/ladder.ts';
import { rungNumbers } from '../../../src/core/rungs.ts';
import { compareLadderRuns, ladderRun } from '../../../src/main/ladder/ladder-run.ts';
import { LadderRunStore } from '../../../src/main/ladder/ladder-run-store.ts';
import { targetOf } from '../../../src/main/ladder/target/target.ts';

let folder = '';
let store: LadderRunStore;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'ladder-run-store-')), 'runs');
  store = new LadderRunStore(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const check = (name: string, passed: boolean): Check => ({
  name,
  title: name,
  passed,
  evidence: [{ text: name, run: null, capture: null, points: [] }],
});

/** A run that started at this second of 2026, with these checks on rung 4. */
function run(second: number, checks: readonly Check[], unchecked: readonly string[] = []): LadderRun {
  const state: RungState = checks.every(({ passed }) => passed) ? 'passed' : 'failed';
  const result = {
    kind: 'result',
    passed: state === 'passed',
    stopped: false,
    rungs: rungNumbers.map((rung) => ({
      rung,
      name: `rung ${rung}`,
      state: rung === 4 ? state : ('skipped' as const),
      reason: rung === 4 ? null : 'not selected',
      checks: rung === 4 ? checks : [],
      unchecked: rung === 4 ? unchecked.map((name) => ({ name, reason: 'unknown' })) : [],
      captures: [],
      timing: null,
      break: null,
      duration: 1,
    })),
  } as const;
  return ladderRun(
    result,
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    targetOf({ url: 'http://127.0.0.1/x?api_key=sk-secret' }),
  );
}

test('lists runs newest first, opens them unchanged, and deletes them', async () => {
  expect(await store.list()).toEqual([]);
  const [older, newer] = [run(1, [check('a', true)]), run(2, [check('a', false)])];
  await store.keep(newer);
  await store.keep(older);
  expect((await store.list()).map(({ id, passed }) => [id, passed])).toEqual([
    [newer.id, false],
    [older.id, true],
  ]);
  expect(await store.open(older.id)).toEqual(older);
  expect(JSON.stringify(older)).not.toContain('sk-secret');
  await store.delete(older.id);
  await expect(store.open(older.id)).rejects.toMatchObject({ code: 'no-such-run' });
  expect(await store.list()).toHaveLength(1);
});

test('does not list or open a damaged file, and does not delete it', async () => {
  const whole = run(1, []);
  await store.keep(whole);
  for (const [name, text] of [
    ['20260101-000000009-torn', JSON.stringify(whole).slice(0, 200)],
    ['20260101-000000008-other', '{"format":"something else"}'],
    ['20260101-000000007-renamed', JSON.stringify(whole)],
    ['20260101-000000006-rungs', JSON.stringify({ ...whole, result: { ...whole.result, rungs: [] } })],
  ] as const)
    await writeFile(join(folder, `${name}.ladder.json`), text);
  expect((await store.list()).map(({ id }) => id)).toEqual([whole.id]);
  await expect(store.open(ladderRunId.parse('20260101-000000009-torn'))).rejects.toMatchObject({
    code: 'no-such-run',
  });
  expect(await readdir(folder)).toHaveLength(5);
});

test('deletes the oldest run when there are more than 200', async () => {
  const first = run(0, []);
  for (let second = 0; second <= 200; second++) await store.keep(second === 0 ? first : run(second, []));
  const ids = (await store.list()).map(({ id }) => id);
  expect(ids).toHaveLength(200);
  expect(ids).not.toContain(first.id);
});

test('run ids cannot lead out of the folder', () => {
  for (const id of ['../x', 'a/b', '..', 'A', '']) expect(ladderRunId.safeParse(id).success).toBe(false);
});

test('two runs are compared check by check', () => {
  const a = run(1, [check('same', true), check('broken', true), check('gone', true)], ['learned']);
  const b = run(2, [check('same', true), check('broken', false), check('learned', true)], ['new']);
  const { rungs } = compareLadderRuns(a, b);
  expect(rungs.map(({ rung }) => rung)).toEqual([...rungNumbers]);
  expect(rungs[3]).toEqual({
    rung: 4,
    a: 'passed',
    b: 'failed',
    checks: [
      { name: 'broken', a: 'passed', b: 'failed' },
      { name: 'gone', a: 'passed', b: 'absent' },
      { name: 'learned', a: 'unchecked', b: 'passed' },
      { name: 'new', a: 'absent', b: 'unchecked' },
    ],
  });
  expect(rungs[0]).toEqual({ rung: 1, a: 'skipped', b: 'skipped', checks: [] });
});
