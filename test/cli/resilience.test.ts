import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chatEnd, delta } from '../fixtures/capture-builder.ts';
import { runCli, scratch, startCli } from './run-cli.ts';

const clients = resolve(import.meta.dirname, '../../resources/clients');

/** A chat completion in a file: a chunk an event, with ids where asked for. */
function chatFile(name: string, withIds: boolean): string {
  const events = ['Grüße ', 'aus ', 'Zürich ', '🙂'].map(delta).join('') + chatEnd;
  const texts = events.split(/(?<=\n\n)/).map((text, n) => (withIds ? `id: ${n}\nretry: 60\n${text}` : text));
  const lines = [
    {
      format: 'ssecap',
      version: 1,
      request: { method: 'GET', url: 'http://h/', headers: [], client: 'raw' },
      startedAt: '2026-01-02T03:04:05.678Z',
    },
    {
      kind: 'response',
      at: 1,
      status: 200,
      headers: [['Content-Type', 'text/event-stream']],
      httpVersion: 'HTTP/1.1',
    },
    ...texts.map((text, n) => ({ kind: 'chunk', at: 10 + n, read: n, wireBytes: text.length, text })),
    { kind: 'end', at: 30, reason: 'complete' },
  ];
  const path = join(scratch(), name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

describe('the command resilience', () => {
  test.concurrent.each([
    ['openai', false],
    ['eventsource', false],
    ['eventsource', true],
    ['eventsource-parser', false],
  ])('the example %s survives every variant (ids: %s)', async (name, withIds) => {
    const file = chatFile(`${name}-${withIds}`, withIds);
    const { status, stderr, records } = await runCli([
      'resilience',
      file,
      '--',
      process.execPath,
      join(clients, `${name}.mjs`),
      '{url}',
    ]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('survives all of') as string,
    });
    const result = records.at(-1);
    expect(result).toMatchObject({ kind: 'result', passed: true, broken: [] });
    expect(result?.['skipped']).toEqual(
      withIds ? ['inside-crlf'] : ['inside-crlf', 'duplicate-after-reconnect'],
    );
    const survival = new Map(records.map((record) => [record['variant'], record['survival']]));
    for (const variant of [
      'one-byte',
      'random-1',
      'inside-utf8',
      'glued',
      'stall',
      'slow-close',
      'bandwidth',
    ])
      expect(survival.get(variant), variant).toBe('same');
    // Who can resume loses nothing.
    expect(survival.get('premature-close')).toBe(withIds ? 'same' : 'reported');
  });

  test.concurrent.each(['openai', 'eventsource', 'eventsource-parser'])(
    'the example %s ends when it refuses a body that is too long to be read by itself',
    async (name) => {
      const file = join(scratch(), `long-${name}.sse`);
      // More than fetch takes in advance.
      writeFileSync(file, delta('word ').repeat(1000) + chatEnd);
      const variants = ['--variant', 'wrong-content-type', '--variant', 'http-status'];
      const client = [process.execPath, join(clients, `${name}.mjs`), '{url}'];
      const { status, records } = await runCli(['resilience', file, ...variants, '--', ...client]);
      expect({ status, broken: records.at(-1)?.['broken'] }).toEqual({ status: 0, broken: [] });
    },
  );

  test.concurrent('the naive client breaks, and the report says where and how to see it again', async () => {
    const { status, stderr, records } = await runCli([
      'resilience',
      chatFile('naive', false),
      '--',
      process.execPath,
      join(clients, 'naive.mjs'),
      '{url}',
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/breaks in \d+ of 16 variants: one-byte, /);
    expect(records.find(({ variant }) => variant === 'one-byte')).toMatchObject({
      kind: 'run',
      passed: false,
      survival: 'failed',
      replay: '--speed instant --split 1',
      evidence: expect.stringContaining('SyntaxError') as string,
    });
    // A client that is kept from running glues some pieces together, but not those that a stall parts.
    expect(records.at(-1)?.['broken']).toEqual(expect.arrayContaining(['one-byte', 'stall']));
  });

  test.each([
    [[], 'Missing argument: -- COMMAND'],
    [['--', 'node', 'client.js'], 'Put {url} into the command'],
    [['--variant', 'none', '--', process.execPath, '-e', '', '{url}'], 'there is no variant "none"'],
    [['--', 'no-such-program', '{url}'], 'Cannot run no-such-program'],
  ])('refuses %j with status 2', async (args, message) => {
    const { status, stderr } = await runCli(['resilience', chatFile('usage', false), ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test('says with status 3 that a command fails even without harm', async () => {
    const { status, stderr } = await runCli([
      'resilience',
      chatFile('failing', false),
      '--',
      process.execPath,
      '-e',
      'process.exit(7)',
      '{url}',
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('fails even without harm (exit status 7)');
  });

  test('ends with the client that it runs when it is stopped', async () => {
    const script =
      "require('node:fs').writeFileSync(process.argv[1], String(process.pid)); console.error('up'); setInterval(() => {}, 1000)";
    const marker = join(scratch(), 'pid');
    const cli = startCli([
      'resilience',
      chatFile('stopped', false),
      '--',
      process.execPath,
      '-e',
      script,
      marker,
      '{url}',
    ]);
    const { readFileSync, existsSync } = await import('node:fs');
    while (!existsSync(marker) || readFileSync(marker, 'utf8') === '')
      await new Promise((done) => setTimeout(done, 20));
    cli.process.kill('SIGINT');
    expect((await cli.ended).status).toBe(1);
    expect(() => process.kill(Number(readFileSync(marker, 'utf8')), 0)).toThrow('ESRCH');
  });
});
