import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatEnd, deltas } from '../fixtures/capture-builder.ts';
import { heldCapture, pacedCapture } from '../fixtures/written-captures.ts';
import { runCli, scratch } from './run-cli.ts';
import { startStreamServer, type StreamServer } from './stream-server.ts';

const file = (name: string): string => join(scratch(), name);
const held = file('held.ssecap.ndjson');
const paced = file('paced.ssecap.ndjson');
let server: StreamServer;

beforeAll(async () => {
  server = await startStreamServer();
  writeFileSync(held, heldCapture(deltas(150).join('') + chatEnd, 3050));
  writeFileSync(paced, pacedCapture([...deltas(150), chatEnd], 60, 20));
});
afterAll(() => server.close());

describe('check of a file', () => {
  test('fails at the broken rung, and prints findings before the result', async () => {
    const { status, records } = await runCli(['check', held]);
    expect(status).toBe(1);
    expect(records[0]).toMatchObject({
      kind: 'finding',
      code: 'response-buffered',
      severity: 'warning',
      rung: 4,
    });
    expect(records.at(-1)).toMatchObject({
      kind: 'result',
      passed: false,
      end: { transport: 'complete', message: 'complete' },
    });
    const { rungs } = records.at(-1) as { rungs: { rung: number; state: string }[] };
    expect(rungs.map(({ state }) => state)).toEqual([
      'passed',
      'skipped',
      'passed',
      'failed',
      'passed',
      'passed',
      'passed',
    ]);
  });

  test('passes a healthy stream, and warnings with --fail-on error', async () => {
    expect(await runCli(['check', paced])).toMatchObject({ status: 0 });
    expect(await runCli(['check', held, '--fail-on', 'error'])).toMatchObject({ status: 0 });
  });

  test('prints a record for each expectation, and fails if one of them does', async () => {
    const expectations = ['first-event<800ms', 'events>=152', 'finish=stop', 'no:response-buffered'];
    const flags = expectations.flatMap((text) => ['--expect', text]);
    const good = await runCli(['check', paced, ...flags]);
    expect(good.status).toBe(0);
    expect(good.records.filter(({ kind }) => kind === 'expectation').map(({ passed }) => passed)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const bad = await runCli(['check', paced, '--expect', 'gap.p95<5ms']);
    expect(bad.status).toBe(1);
    expect(bad.records.find(({ kind }) => kind === 'expectation')).toMatchObject({
      passed: false,
      actual: 20,
      evidence: expect.stringContaining('gap.p95 is') as string,
    });
  });

  test.each([
    ['first_event<800ms', 'did you mean "first-event"?'],
    ['first-event<800', 'needs a unit; known units: ms, s, min'],
    ['no:response-bufferd', 'did you mean "response-buffered"?'],
    ['fast', 'is not an expectation'],
  ])('refuses the expectation %s and suggests a known one', async (text, problem) => {
    const { status, stderr } = await runCli(['check', paced, '--expect', text]);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });

  test('compares with another capture', async () => {
    const { status, records } = await runCli([
      'check',
      paced,
      '--against',
      paced,
      '--expect',
      'content=same',
    ]);
    expect(status).toBe(0);
    expect(records.at(-1)).toMatchObject({
      comparison: { pairs: 152, onlyInA: 0, onlyInB: 0, delay: { p50: 0, max: 0 } },
    });
    expect(records.filter(({ kind }) => kind === 'pair')).toHaveLength(152);
    const late = await runCli(['check', held, '--against', paced]);
    expect(late.records.at(-1)).toMatchObject({ comparison: { pairs: 152 } });
  });

  test('writes JUnit XML with a case for each rung and expectation', async () => {
    const path = file('report.xml');
    await runCli(['check', held, '--junit', path, '--expect', 'events>=5']);
    const xml = readFileSync(path, 'utf8');
    expect(xml.match(/<testcase /g)).toHaveLength(8);
    expect(xml).toContain('tests="8" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('name="events&gt;=5" classname="expectations"/>');
  });

  test('skips timing for a raw stream without times, and says why', async () => {
    const path = file('raw.sse');
    writeFileSync(path, deltas(20).join('') + chatEnd);
    const { status, records } = await runCli(['check', path, '--expect', 'first-event<1s']);
    expect(status).toBe(1);
    expect(records.find(({ kind }) => kind === 'expectation')).toMatchObject({
      actual: null,
      evidence: 'first-event is unknown: the capture has no times',
    });
    const { rungs } = records.at(-1) as { rungs: { state: string; text: string }[] };
    expect(rungs.map(({ state }) => state)).toEqual([
      'skipped',
      'skipped',
      'passed',
      'skipped',
      'passed',
      'passed',
      'passed',
    ]);
    expect(rungs[3]?.text).toBe('The capture has no times.');
  });

  test('refuses a file that contains no capture', async () => {
    const path = file('empty');
    writeFileSync(path, '');
    const { status } = await runCli(['check', path]);
    expect(status).toBe(3);
    expect(await runCli(['check', file('missing')])).toMatchObject({ status: 3 });
  });
});

describe('check of a URL', () => {
  test('opens it, checks it and writes the capture with -o', async () => {
    const path = file('kept.ssecap.ndjson');
    const { status, records } = await runCli(['check', `${server.origin}/five`, '-o', path]);
    expect(status).toBe(0);
    expect(records.at(-1)).toMatchObject({ kind: 'result', passed: true });
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).not.toContain('s3cret');
  });

  test('sends probes with --probe, keeps their captures and prints their results', async () => {
    const path = file('probed.ssecap.ndjson');
    const before = server.seen.length;
    const secret = 'Bearer s3cret';
    const flags = ['-o', path, '-H', `Authorization: ${secret}`, '--probe'];
    const { records, stderr } = await runCli(['check', `${server.origin}/five`, ...flags], {
      env: { CHROME_PATH: '', PATH: '' },
    });
    expect(stderr).toContain('Sending up to 5 more requests');
    expect(server.seen.length - before).toBe(6);
    expect(server.seen.slice(before).every(({ headers }) => headers.authorization === secret)).toBe(true);
    const probes = records.filter(({ kind }) => kind === 'probe');
    expect(probes.map(({ probe, state }) => [probe, state])).toEqual([
      ['identity', 'skipped'],
      ['browser', 'skipped'],
      ['eventsource', 'decided'],
      ['again', 'decided'],
      ['together', 'undecided'],
      ['longer', 'skipped'],
      ['reconnect', 'skipped'],
    ]);
    const kept = probes.flatMap(({ captures }) => captures as string[]);
    expect(kept).toHaveLength(5);
    for (const one of kept) expect(readFileSync(one, 'utf8')).not.toContain('s3cret');
    expect(JSON.stringify(records)).not.toContain('s3cret');
  });

  test('sends no probe for a stored capture whose secrets were redacted', async () => {
    const before = server.seen.length;
    const { stderr, status } = await runCli(['check', file('probed.ssecap.ndjson'), '--probe']);
    expect(status).toBe(0);
    expect(stderr).toContain('No probes: The secrets of the request were redacted');
    expect(server.seen.length).toBe(before);
  });

  test('that never ends is stopped after --max-time, and checked as far as it came', async () => {
    const { status, records, stderr } = await runCli(['check', `${server.origin}/hold`, '--max-time', '0.5']);
    expect(status).toBe(0);
    expect(stderr).toContain('Stopped after 0.5 s, while the stream was still running');
    expect(records.at(-1)).toMatchObject({ end: { transport: 'aborted' } });
  });

  test('that sends only header fields fails', async () => {
    const { status, records } = await runCli(['check', `${server.origin}/head`, '--max-time', '0.5']);
    expect(status).toBe(1);
    expect(records[0]).toMatchObject({ kind: 'finding', code: 'premature-close', severity: 'error' });
    expect(records.at(-1)).toMatchObject({ passed: false, end: { transport: 'timeout' } });
  });

  test('that never answers is a failed connection after --max-time', async () => {
    const { status, records } = await runCli(['check', `${server.origin}/silent`, '--max-time', '0.5']);
    expect(status).toBe(3);
    expect(records[0]).toMatchObject({
      code: 'connection-failed',
      message: 'No response came within 0.5 s.',
    });
  });

  test('that redirects in a circle fails with its status', async () => {
    const { status, records } = await runCli(['check', `${server.origin}/circle`]);
    expect(status).toBe(1);
    expect(records[0]).toMatchObject({
      code: 'http-status',
      message: expect.stringContaining('302') as string,
    });
    expect(records.at(-1)).toMatchObject({ passed: false, end: { transport: 'error' } });
  });

  test('can be given without a scheme, and takes options that a file does not', async () => {
    const { status } = await runCli(['check', `${server.origin.replace('http://', '')}/five`]);
    expect(status).toBe(0);
    for (const [flag, value] of [
      ['--method', 'POST'],
      ['--max-size', '1MB'],
      ['--client', 'eventsource'],
      ['--output', 'kept'],
    ] as const) {
      const { status: wrong, stderr } = await runCli(['check', paced, flag, value]);
      expect(wrong).toBe(2);
      expect(stderr).toContain(`${flag} is for a URL`);
    }
  });

  test('reports a capture file that cannot be written', async () => {
    const { status, stderr } = await runCli(['check', `${server.origin}/five`, '-o', '/dev/full']);
    expect(status).toBe(3);
    expect(stderr).toContain('the disk is full');
  });

  test.each([
    ['/cut', 1, 'premature-close'],
    ['/missing', 1, 'http-status'],
  ])('%s fails', async (path, expected, code) => {
    const { status, records } = await runCli(['check', `${server.origin}${path}`]);
    expect(status).toBe(expected);
    expect(records.map((record) => record['code'])).toContain(code);
  });

  test('that refuses the connection has another status than a bad response', async () => {
    const { status, records } = await runCli(['check', 'http://127.0.0.1:1/']);
    expect(status).toBe(3);
    expect(records[0]).toMatchObject({ kind: 'finding', code: 'connection-failed' });
  });
});
