import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { LadderResult } from '../../../../src/contract/ladder.ts';
import { startLab } from '../../../../src/main/lab/lab.ts';
import type { RungUpstream } from '../../../../src/main/ladder/lab/rung-upstream.ts';
import { upstreamFromEnvironment } from '../../../../src/main/ladder/lab/rung-upstream.ts';
import { labUnderTest } from '../../lab/lab-under-test.ts';
import { climb, failures, rung } from '../ladder-under-test.ts';

const streams = join(import.meta.dirname, '../../../../../shared/streams');
const hasStreams = existsSync(streams);
if (!hasStreams) console.log('no recorded streams next to the project: tests that replay them are skipped');

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

/** Starts the replaying API and returns its origin. */
async function replay(recording: string): Promise<string> {
  const program = join(import.meta.dirname, 'replaying-api.ts');
  const child = spawn(process.execPath, [program, join(streams, recording), '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(async () => {
    child.kill();
    await once(child, 'exit');
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${port.toString().trim()}`;
}

async function climbOn(upstream: Partial<RungUpstream>): Promise<LadderResult> {
  const lab = await labUnderTest();
  const whole = { baseUrl: '', apiKey: 'sk-right-key', model: 'recorded', api: 'chat', ...upstream } as const;
  return climb(lab, { rungs: [6], upstream: whole });
}

describe.skipIf(!hasStreams)('against an API in another process', () => {
  test.each([
    ['openai-chat-text.jsonl', 'chat'],
    ['openai-responses-web-search.jsonl', 'responses'],
    ['openai-responses-mcp-tool.jsonl', 'responses'],
  ] as const)('%s is relayed as it was recorded', async (recording, api) => {
    const result = await climbOn({ baseUrl: `${await replay(recording)}/v1`, api });
    expect(failures(result)).toEqual([]);
    const { checks } = rung(result, 6);
    expect(checks.find(({ name }) => name === `${api}-model-answers`)?.evidence[0]?.text).toMatch(
      /from recorded at 127/,
    );
    expect(checks).toHaveLength(6);
  });

  test('an error inside a recorded stream is a failed check with the API’s message', async () => {
    const baseUrl = `${await replay('openai-responses-error.jsonl')}/v1`;
    const [failure] = failures(await climbOn({ baseUrl, api: 'responses' }));
    expect(failure).toMatch(/responses-model-answers: .*\S/);
  });

  test.each([
    [
      'a wrong key',
      { apiKey: 'sk-wrong-and-secret' },
      /invalid_api_key: .*Incorrect API key provided.*HTTP 401/,
    ],
    ['an unknown model', { model: 'nothing' }, /model_not_found: .*`nothing` does not exist.*HTTP 404/],
  ])('%s is a failed check that says so, without the key', async (_, upstream, message) => {
    const baseUrl = `${await replay('openai-chat-text.jsonl')}/v1`;
    const found = failures(await climbOn({ baseUrl, ...upstream }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
    expect(found[0]).not.toContain('sk-wrong-and-secret');
  });

  test('a base URL that answers with HTML is a failed check that mentions /v1', async () => {
    const [failure] = failures(await climbOn({ baseUrl: await replay('openai-chat-text.jsonl') }));
    expect(failure).toMatch(/not_an_event_stream: .*text\/html.*\/v1/);
  });
});

test('an unreachable base URL is a failed check with the reason of the system', async () => {
  const gone = await startLab();
  await gone.close();
  const [failure] = failures(await climbOn({ baseUrl: `${gone.origin}/v1` }));
  expect(failure).toMatch(/upstream_unreachable: .*ECONNREFUSED/);
});

test('an invalid base URL is a failed check', async () => {
  const [failure] = failures(await climbOn({ baseUrl: 'ftp://example.org' }));
  expect(failure).toMatch(/can-be-climbed: .*ftp:\/\/example.org.*not an http or https URL/);
});

test('the environment selects a model by a key or a base URL', () => {
  expect(upstreamFromEnvironment({})).toBeNull();
  expect(upstreamFromEnvironment({ OPENAI_API_KEY: '  ' })).toBeNull();
  expect(upstreamFromEnvironment({ OPENAI_API_KEY: 'sk-1' })).toMatchObject({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'sk-1',
  });
  expect(
    upstreamFromEnvironment({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'qwen' }),
  ).toMatchObject({
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'qwen',
  });
});
