import { expect, test } from 'vitest';
import { runCli, startCli } from './run-cli.ts';

/** Hides any API key and any installed browser. */
const env = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', CHROME_PATH: '', PATH: '/nowhere' };

interface Rung {
  readonly rung: number;
  readonly state: string;
  readonly reason: string | null;
  readonly checks: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly evidence: readonly unknown[];
  }[];
}

test('ladder --json ends with a result of all seven rungs and status 0', async () => {
  const { status, records, stderr } = await runCli(['ladder', '--json', '--delay', '60'], { env });
  expect(stderr).toBe('');
  const result = records.at(-1);
  expect(result).toMatchObject({ kind: 'result', passed: true });
  const rungs = result?.['rungs'] as Rung[];
  expect(rungs.map(({ rung }) => rung)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(rungs[1]).toMatchObject({
    state: 'skipped',
    reason: expect.stringContaining('CHROME_PATH') as string,
  });
  for (const { state, checks } of rungs) expect(state === 'skipped' || checks.length > 0).toBe(true);
  expect(status).toBe(0);
}, 60_000);

test('a break fails its rung, with status 1', async () => {
  const { status, records } = await runCli(['ladder', '--rung', '1', '--break', 'wrong-content-type'], {
    env,
  });
  const rungs = records.at(-1)?.['rungs'] as Rung[];
  expect(rungs[0]).toMatchObject({ rung: 1, state: 'failed' });
  expect(rungs[0]?.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
    'content-type-is-event-stream',
  ]);
  expect(status).toBe(1);
});

test.each([
  [['--rung', '8'], /--rung takes a whole number from 1 to 7/],
  [['--break', 'everything'], /--break takes wrong-content-type/],
  [['--rung', '1', '--break', 'buffer'], /buffer breaks rung 4/],
  [['http://127.0.0.1'], /Unexpected argument: http:\/\/127\.0\.0\.1/],
  [['--model', 'gpt'], /--model and --api need a real model/],
])('ladder %j is a usage error', async (args, message) => {
  const { status, stderr } = await runCli(['ladder', ...args], { env });
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test('Ctrl-C stops the run, and the result says so', async () => {
  const running = startCli(['ladder', '--json', '--rung', '4', '--delay', '5000'], { env });
  await running.waitFor(/rung-started/);
  running.process.kill('SIGINT');
  const { status, records } = await running.ended;
  expect(records.at(-1)).toMatchObject({ kind: 'result', stopped: true, passed: false });
  expect(status).toBe(1);
});
