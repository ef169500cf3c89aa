import { expect, test } from 'vitest';
import { ladderBreakNames, ladderBreaks } from '../../../../src/contract/ladder.ts';
import { Analysis } from '../../../../src/core/analysis/analysis.ts';
import type { CaptureRecord } from '../../../../src/core/capture/record.ts';
import { rungDescriptions } from '../../../../src/main/ladder/lab/lab-ladder.ts';
import { labUnderTest } from '../../lab/lab-under-test.ts';
import { climb, failures, listener, rung } from '../ladder-under-test.ts';

test('all rungs pass in order, and rung 2 is skipped without a browser', async () => {
  const lab = await labUnderTest();
  const { news, onProgress } = listener();
  const result = await climb(lab, { onProgress });
  expect(failures(result)).toEqual([]);
  expect(result.rungs.map(({ state }) => state)).toEqual([
    'passed',
    'skipped',
    'passed',
    'passed',
    'passed',
    'passed',
    'passed',
  ]);
  expect(rung(result, 2).reason).toBe('this test has no browser');
  expect(news.flatMap((each) => (each.kind === 'rung-started' ? [each.rung] : []))).toEqual([
    1, 2, 3, 4, 5, 6, 7,
  ]);
  expect(news.at(-1)).toEqual(result);
  expect(result.rungs.every(({ rung: number, checks }) => number === 2 || checks.length > 2)).toBe(true);
}, 30_000);

test.each(ladderBreakNames.filter((name) => ladderBreaks[name].rung !== 2))(
  '%s makes exactly its rung fail, with evidence, and the rungs above are skipped',
  async (name) => {
    const lab = await labUnderTest();
    const { rung: broken } = ladderBreaks[name];
    const rungs = ([1, 2, 3, 4, 5, 6, 7] as const).filter((number) => number >= broken);
    const result = await climb(lab, { break: name, rungs });
    expect(result.passed).toBe(false);
    expect(result.rungs.filter(({ state }) => state === 'failed').map((each) => each.rung)).toEqual([broken]);
    for (const { rung: number, state, reason } of result.rungs) {
      if (number > broken)
        expect([state, reason]).toEqual(['skipped', `it depends on rung ${broken}, which failed`]);
    }
    const failed = rung(result, broken).checks.filter(({ passed }) => !passed);
    expect(failed.length).toBeGreaterThan(0);
    for (const { evidence } of failed) expect(evidence[0]?.text).toMatch(/\S/);
  },
  30_000,
);

test('the descriptions of the rungs list every break once', () => {
  expect(rungDescriptions.flatMap(({ breaks }) => breaks)).toEqual(ladderBreakNames);
});

test('evidence points at a wrong header field and a lost yield', async () => {
  const lab = await labUnderTest();
  const type = rung(await climb(lab, { rungs: [1], break: 'wrong-content-type' }), 1);
  const header = type.checks.find(({ name }) => name === 'content-type-is-event-stream');
  expect(header?.evidence[0]).toMatchObject({
    text: 'content-type: text/plain; charset=utf-8',
    points: [{ kind: 'header', name: 'content-type' }],
  });
  const lost = rung(await climb(lab, { rungs: [1], break: 'drop-event' }), 1);
  const yields = lost.checks.find(({ name }) => name === 'every-yield-is-received');
  expect(yields?.evidence[1]?.points[0]).toEqual({ kind: 'yield', n: 1 });
});

test('streams are recorded with the server’s yields by the same clock', async () => {
  const lab = await labUnderTest();
  const captures: CaptureRecord[][] = [];
  const result = await climb(lab, {
    rungs: [1, 4],
    recorder: async () => {
      const records: CaptureRecord[] = [];
      captures.push(records);
      return { capture: null, sink: (record) => void records.push(record) };
    },
  });
  expect(captures).toHaveLength(2);
  expect(rung(result, 1).captures).toHaveLength(1);
  for (const records of captures) {
    const yields = records.filter((record) => record.kind === 'note').filter(({ note }) => note === 'yield');
    const chunks = records.filter((record) => record.kind === 'chunk');
    expect(yields.map(({ fields }) => fields['n'])).toEqual([0, 1, 2, 3, 4]);
    expect(records.at(-1)).toMatchObject({ kind: 'end', reason: 'complete' });
    for (const [n, { at }] of yields.entries()) {
      const arrived = chunks[n]?.at ?? Number.NaN;
      expect(arrived - (at ?? 0)).toBeGreaterThan(-1);
      if (n > 0) expect(at ?? 0).toBeGreaterThan(chunks[n - 1]?.at ?? Number.NaN);
    }
  }
});

test('a diagnosis of the capture of a buffered stream finds the buffering', async () => {
  const lab = await labUnderTest();
  const records: CaptureRecord[] = [];
  await climb(lab, {
    rungs: [4],
    break: 'buffer',
    delay: 150,
    recorder: async () => ({ capture: null, sink: (record) => void records.push(record) }),
  });
  const analysis = new Analysis({ method: 'GET', url: 'http://lab/', headers: [], client: 'raw' });
  for (const record of records) analysis.push(record);
  analysis.finish();
  expect(analysis.findings).toMatchObject([{ code: 'response-buffered', severity: 'warning' }]);
});

test('a second ladder on the same lab is refused while the first runs', async () => {
  const lab = await labUnderTest();
  const first = climb(lab, { rungs: [1] });
  await expect(climb(lab)).rejects.toMatchObject({ code: 'busy' });
  expect((await first).passed).toBe(true);
  expect((await climb(lab, { rungs: [1] })).passed).toBe(true);
});

test('a break of a rung that is not selected is refused', async () => {
  const lab = await labUnderTest();
  await expect(climb(lab, { rungs: [1], break: 'buffer' })).rejects.toMatchObject({ code: 'bad-params' });
});

test.each([1, 3, 4, 5, 6, 7] as const)('stopping rung %i leaves nothing open', async (number) => {
  const lab = await labUnderTest();
  const stop = new AbortController();
  const stopListening = lab.log.listen(({ kind }) => {
    // In the middle of a stream.
    if (kind === 'written') stop.abort();
  });
  const result = await climb(lab, { rungs: [number], signal: stop.signal });
  stopListening();
  expect(result).toMatchObject({ passed: false, stopped: true });
  expect(rung(result, number)).toMatchObject({ state: 'skipped', reason: 'the ladder was stopped' });
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const { streams, calls } = lab.counts();
      if (streams + calls === 0) resolve();
      else setImmediate(look);
    };
    look();
  });
});

test('a ladder that is stopped before it starts skips every rung', async () => {
  const lab = await labUnderTest();
  const result = await climb(lab, { signal: AbortSignal.abort() });
  expect(result.stopped).toBe(true);
  expect(result.rungs.every(({ state }) => state === 'skipped')).toBe(true);
});

test('a break of the last rung does not affect those below', async () => {
  const lab = await labUnderTest();
  const result = await climb(lab, { break: 'lose-context' });
  const lost = rung(result, 7).checks.find(({ finding }) => finding !== undefined);
  expect(lost).toMatchObject({ name: 'context-everywhere', passed: false, finding: 'context-lost' });
  expect(result.rungs.filter(({ state }) => state === 'failed').map((each) => each.rung)).toEqual([7]);
  expect(result.rungs.filter(({ state }) => state === 'passed').map((each) => each.rung)).toEqual([
    1, 3, 4, 5, 6,
  ]);
}, 60_000);

test('several ladders in a row pass', async () => {
  const lab = await labUnderTest();
  for (let n = 0; n < 3; n++) expect(failures(await climb(lab, { rungs: [1, 4, 5, 6, 7] }))).toEqual([]);
}, 120_000);
