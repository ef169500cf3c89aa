import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, scratch } from './run-cli.ts';

/** Hides any installed browser. */
const env = { CHROME_PATH: '', PATH: '/nowhere' };

let server: Server;
let origin = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const type = request.url === '/wrong' ? 'text/html' : 'text/event-stream';
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(request.url === '/hello' ? 'data: hello world\n\n'.repeat(5) : 'data: other\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const states = (record: Record<string, unknown> | undefined): unknown[] =>
  ((record?.['rungs'] ?? []) as { state: string }[]).map(({ state }) => state);

test('one URL serves all rungs', async () => {
  const { status, records, stderr } = await runCli(['ladder', '--target', `${origin}/any`, '--json'], {
    env,
  });
  expect(stderr).toBe('');
  expect(records.at(-1)).toMatchObject({ kind: 'result', passed: true });
  expect(states(records.at(-1))).toEqual([
    'passed',
    'skipped',
    'passed',
    'passed',
    'skipped',
    'skipped',
    'passed',
  ]);
  expect(status).toBe(0);
}, 60_000);

test('several URLs are for rung 1, 2 and so on, and a failed rung gives status 1', async () => {
  const right = await runCli(['ladder', '--target', `${origin}/hello`, `${origin}/hello`], { env });
  expect(states(right.records.at(-1))).toEqual(['passed', ...Array.from({ length: 6 }, () => 'skipped')]);
  expect(right.status).toBe(0);
  const wrong = await runCli(['ladder', '--target', `${origin}/wrong`, `${origin}/hello`], { env });
  expect(states(wrong.records.at(-1))[0]).toBe('failed');
  expect(wrong.status).toBe(1);
}, 60_000);

test('a target file has the request of each rung', async () => {
  const file = join(scratch(), 'mine.json');
  writeFileSync(file, JSON.stringify({ base: origin, rungs: { '1': '/hello', '3': '/any', '4': null } }));
  const { status, records } = await runCli(['ladder', '--target', file], { env });
  expect(states(records.at(-1))).toEqual([
    'passed',
    'skipped',
    'passed',
    'skipped',
    'skipped',
    'skipped',
    'skipped',
  ]);
  expect(status).toBe(0);
}, 60_000);

test('a starter is written, and never overwrites files', async () => {
  const { status, records } = await runCli(['ladder', '--starter', 'fastify', 'seven'], { env });
  expect(status).toBe(0);
  expect(records).toEqual([
    expect.objectContaining({
      kind: 'starter',
      name: 'fastify',
      files: expect.arrayContaining(['server.ts']) as unknown,
    }),
  ]);
  const written = readFileSync(join(scratch(), 'seven', 'server.ts'), 'utf8');
  expect(written).toContain('/rung/7');
  const again = await runCli(['ladder', '--starter', 'flask', 'seven'], { env });
  expect(again.status).toBe(2);
  expect(again.stderr).toMatch(/The folder .* is not empty: choose a new one/);
}, 60_000);

test.each([
  [['--target', 'http://x/', '--break', 'buffer'], 2, /--break cannot be used with --target/],
  [['--target', 'http://x/', '--scripted'], 2, /--scripted cannot be used with --target/],
  [['--target', ...Array.from({ length: 8 }, () => 'http://x/')], 2, /at most 7 URLs/],
  [['--target', 'nowhere.json'], 3, /Cannot read nowhere\.json/],
  [['--target', 'ftp://x/'], 2, /Only http and https/],
  [['--target', 'bad.json'], 2, /bad\.json is not a ladder target: .*rung/],
  [['--target', 'broken.json'], 2, /broken\.json is not JSON/],
  [['--starter', 'rails', 'x'], 2, /--starter takes flask, fastapi, express, fastify or next, not "rails"/],
  [['--starter', 'flask'], 2, /Missing argument: FOLDER/],
  [['--starter', 'flask', 'x', '--rung', '1'], 2, /--rung cannot be used with --starter/],
  [['--starter', 'flask', 'x', 'y'], 2, /Unexpected argument: y/],
])('ladder %j is refused', async (args, expected, message) => {
  writeFileSync(join(scratch(), 'bad.json'), '{"rung":{"1":"http://x/"}}');
  writeFileSync(join(scratch(), 'broken.json'), '{"rungs":');
  const { status, stderr } = await runCli(['ladder', ...args], { env });
  expect(stderr).toMatch(message);
  expect(status).toBe(expected);
});
