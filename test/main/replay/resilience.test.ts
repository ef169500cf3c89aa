import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runClient } from '../../../src/main/replay/client-command.ts';
import { type ResilienceRun, testResilience } from '../../../src/main/replay/resilience.ts';
import { CaptureBuilder, event } from '../../fixtures/capture-builder.ts';
import { header } from '../../bench/stored-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'resilience-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string, ...args: readonly string[]): string[] => [
  process.execPath,
  '-e',
  script,
  ...args,
];
const never = new AbortController().signal;
const run = (command: readonly string[], limit = 30_000, signal = never) =>
  runClient(command, 'http://x', limit, signal);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  return true;
}

describe('a run of a client', () => {
  test('has its output, its exit status and what it said last', async () => {
    const client = await run(
      node(
        "console.log(process.argv[1]); console.error('Error: bad\\n    at x:1'); process.exitCode = 3",
        '{url}/v1',
      ),
    );
    expect(client).toMatchObject({
      status: 3,
      signal: null,
      isHung: false,
      error: 'Error: bad',
      output: { length: 12 },
    });
    expect(Buffer.from(client.output.start).toString()).toBe('http://x/v1\n');
  });

  test('names the error of a program that throws, not its stack', async () => {
    const client = await run(node("throw new TypeError('no such thing')"));
    expect(client).toMatchObject({ status: 1, error: 'TypeError: no such thing' });
  });

  test('keeps the beginning of a large output, and a digest of all', async () => {
    const client = await run(node("for (let n = 0; n < 4096; n++) process.stdout.write('x'.repeat(1024))"));
    expect(client.output.length).toBe(4096 * 1024);
    expect(client.output.start.length).toBe(1024 * 1024);
  });

  test('that does not end is ended, with what it started', async () => {
    const path = join(folder, 'pids');
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(path)}, String(child.pid));
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);`;
    const client = await run(node(script), 3000);
    expect(client).toMatchObject({ isHung: true });
    expect(existsSync(path)).toBe(true);
    expect(await gone(Number(readFileSync(path, 'utf8')))).toBe(true);
  });

  test('that leaves a process behind does not keep the test', async () => {
    const path = join(folder, 'left');
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(path)}, String(child.pid));
      console.log('done');
      child.unref();`;
    const client = await run(node(script));
    expect(client).toMatchObject({ status: 0, isHung: false, output: { length: 5 } });
    expect(await gone(Number(readFileSync(path, 'utf8')))).toBe(true);
  });

  test('of a program that does not exist is refused', async () => {
    await expect(run(['no-such-program-here', '{url}'])).rejects.toMatchObject({
      code: 'bad-params',
      message: 'Cannot run no-such-program-here: there is no such program',
    });
  });

  test('ends when it is stopped', async () => {
    const stop = new AbortController();
    const client = run(node('setInterval(() => {}, 1000)'), 30_000, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(client).rejects.toThrow('stopped');
  });
});

describe('the resilience of a client', () => {
  const { records } = new CaptureBuilder().response().chunk(event('Zürich')).chunk(event('[DONE]')).end();
  const source = { header, records: () => records };
  const results = async (
    command: readonly string[],
    ...only: readonly string[]
  ): Promise<ResilienceRun[]> => {
    const all: ResilienceRun[] = [];
    for await (const each of testResilience(source, { command, limit: 30_000, only, signal: never }))
      all.push(each);
    return all;
  };
  const verdicts = (runs: readonly ResilienceRun[]): unknown[] =>
    runs.map((each) => (each.kind === 'run' ? each.verdict.survival : each.kind));

  test('is judged variant by variant, and what would change nothing is left out', async () => {
    const client = node(
      'fetch(process.argv[1]).then((r) => r.text()).then((t) => console.log(t.length))',
      '{url}',
    );
    const runs = await results(client, 'cut', 'inside-crlf', 'inside-utf8', 'reset');
    expect(verdicts(runs)).toEqual(['same', 'skipped', 'unnoticed', 'reported']);
  });

  test('cannot be told of a command that fails or differs without harm', async () => {
    await expect(results(node('process.exit(1)', '{url}'))).rejects.toThrow(
      /cannot be tested: it fails even without harm/,
    );
    await expect(results(node('console.log(process.hrtime())', '{url}'))).rejects.toThrow(
      /something else each time/,
    );
  });

  test('has no variants but those that there are', async () => {
    await expect(results(node(''), 'two-byte')).rejects.toMatchObject({ code: 'bad-params' });
  });
});
