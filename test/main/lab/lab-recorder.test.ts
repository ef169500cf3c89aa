import { describe, expect, test } from 'vitest';
import { LabLog } from '../../../src/main/lab/lab-log.ts';
import { LabRecorder } from '../../../src/main/lab/lab-recorder.ts';
import { isLadderRequest, ladderRequestId } from '../../../src/main/ladder/lab/ladder-request-id.ts';

function recorderOf(log: LabLog, onRecord = (): void => {}): LabRecorder {
  return new LabRecorder(log, (requestId) => !isLadderRequest(requestId), onRecord);
}

const request = { kind: 'request', endpoint: 'async', method: 'GET', path: '/stages/async' } as const;

describe('the records of a lab', () => {
  test('continue where the reader stopped, with endpoint and both times', () => {
    const log = new LabLog();
    const recorder = recorderOf(log);
    log.add('a', request);
    log.add('a', { kind: 'yield', n: 0, text: 'x' });
    const first = recorder.since(0, 1);
    expect(first).toMatchObject({ next: 1, missed: 0, records: [{ ...request, seq: 0, requestId: 'a' }] });
    const second = recorder.since(first.next, 10);
    expect(second).toMatchObject({
      next: 2,
      records: [{ kind: 'yield', endpoint: 'async', requestId: 'a' }],
    });
    const [record] = second.records;
    expect(record?.at).toBeGreaterThanOrEqual(first.records[0]?.at ?? Number.NaN);
    expect(Math.abs(Date.parse(record?.time ?? '') - Date.now())).toBeLessThan(60_000);
    expect(recorder.since(2, 10)).toEqual({ records: [], next: 2, missed: 0 });
  });

  test('do not include requests of the ladder', () => {
    const log = new LabLog();
    const recorder = recorderOf(log);
    const id = ladderRequestId();
    log.add(id, request);
    log.add(`${id}.upstream`, { ...request, endpoint: 'scripted-model' });
    log.add('mine', request);
    expect(recorder.since(0, 10).records.map(({ requestId }) => requestId)).toEqual(['mine']);
  });

  test('are bounded in number and size, and count what a slow reader missed', () => {
    const log = new LabLog();
    const recorder = recorderOf(log);
    for (let n = 0; n < 12_000; n += 1) log.add('a', { kind: 'yield', n, text: 'y'.repeat(2000) });
    const { records, missed, next } = recorder.since(0, 20_000);
    expect({ kept: records.length, missed, next }).toEqual({ kept: 10_000, missed: 2000, next: 12_000 });
    expect(records[0]).toMatchObject({ kind: 'yield', n: 2000, text: `${'y'.repeat(500)}…` });
    expect(log.entries()).toHaveLength(10_000);
    expect(log.entries()[0]).toMatchObject({ text: `${'y'.repeat(500)}…` });
  });

  test('do not hold long paths', () => {
    const log = new LabLog();
    const recorder = recorderOf(log);
    log.add('a', { ...request, path: `/${'p'.repeat(20_000)}` });
    expect(recorder.since(0, 1).records[0]).toMatchObject({ path: `/${'p'.repeat(499)}…` });
  });

  test('never cut a surrogate pair in two', () => {
    const log = new LabLog();
    const recorder = recorderOf(log);
    log.add('a', { kind: 'yield', n: 0, text: `${'x'.repeat(499)}🌍 and more` });
    expect(recorder.since(0, 1).records[0]).toMatchObject({ text: `${'x'.repeat(499)}…` });
  });

  test('are reported one by one, until the recorder is closed', () => {
    const log = new LabLog();
    let told = 0;
    const recorder = recorderOf(log, () => (told += 1));
    log.add('a', request);
    recorder.close();
    log.add('a', { kind: 'finally' });
    expect(told).toBe(1);
    expect(recorder.next).toBe(1);
  });
});

test('the log names the endpoint of a request until its end, in any context', () => {
  const log = new LabLog();
  log.add('a', request);
  log.add('b', { ...request, endpoint: 'context' });
  expect(log.add('a', { kind: 'yield', n: 0, text: '' }).endpoint).toBe('async');
  expect(log.add('b', { kind: 'finally' }).endpoint).toBe('context');
  expect(log.add('a', { kind: 'close', reason: 'complete', events: 1, peakBuffered: 0 }).endpoint).toBe(
    'async',
  );
  expect(log.add('a', { kind: 'line', level: 'info', text: 'late' }).endpoint).toBeNull();
});
