import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Output } from '../../src/cli/output.ts';
import { displayWidth } from '../../src/cli/styled-text.ts';
import { runCli, scratch } from './run-cli.ts';

/** Characters that control a terminal or the direction of text, except line feeds. */
// oxlint-disable-next-line no-control-regex -- matches control characters
const acts = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Starts a server that answers with this status line and these header fields. */
async function answering(head: string): Promise<string> {
  const server = createServer((request) => {
    request.socket.end(Buffer.from(`HTTP/1.1 ${head}\r\nConnection: close\r\n\r\ndata: 1\n\n`, 'utf8'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test.each([
  ['a content type with an escape sequence', '200 OK\r\nContent-Type: text/\u009b31mhtml\u202e'],
  ['a redirect to an invalid URL', '302 Found\r\nLocation: http://[\u202e\u009b2J'],
  ['a redirect to another scheme', '302 Found\r\nLocation: x\u202e://\u009b2J'],
  ['a redirect to a path', '302 Found\r\nLocation: /\u202e\u009b2J'],
  ['a content coding', '200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: \u009b\u202e'],
  ['a status text', '500 \u009b31m\u202e\r\nContent-Type: text/\u009bplain'],
  ['a malformed header', '200 OK\r\n\u009b31m\u202e\u001b]0;owned\u0007'],
])('%s is printed without control characters', async (_, head) => {
  const { stderr, stdout } = await runCli(['capture', await answering(head), '-o', join(scratch(), 'a')]);
  expect(stderr).toContain('sse-inspector: ');
  expect(stderr).not.toMatch(acts);
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('a file name in an error is printed without control characters', async () => {
  const { stderr, status } = await runCli(['inspect', '/nowhere/\u009b2J\u202e\u001b[31m']);
  expect({ status, acts: acts.test(stderr) }).toEqual({ status: 3, acts: false });
  expect(stderr).toContain('‹009b›2J‹202e›‹001b›[31m');
});

/** An output that records what is written. */
function standardOutput(isTTY: boolean): { readonly output: Output; readonly text: () => string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part);
      done();
    },
  });
  const output = new Output(Object.assign(stream, { isTTY, columns: 80 }));
  return { output, text: () => Buffer.concat(parts).toString() };
}

const hostile = 'one\u009b31m\ntwo\u202e\r\u001b[2J\n';

test('control characters are made visible in a terminal, also if a character is split', async () => {
  const { output, text } = standardOutput(true);
  const bytes = Buffer.from(hostile);
  await output.write(hostile);
  for (let at = 0; at < bytes.length; at++) await output.write(bytes.subarray(at, at + 1));
  await output.writeJson(JSON.stringify({ a: '\u009b\u202e' }));
  await output.flush();
  const shown = 'one‹009b›31m\ntwo‹202e›←‹001b›[2J\n';
  expect(text()).toBe(`${shown}${shown}{"a":"\\u009b\\u202e"}\n`);
});

test('a pipe gets every byte unchanged', async () => {
  const { output, text } = standardOutput(false);
  await output.write(hostile);
  await output.write(Buffer.from(hostile));
  await output.writeJson(JSON.stringify({ a: '\u009b' }));
  await output.flush();
  expect(text()).toBe(`${hostile}${hostile}{"a":"\u009b"}\n`);
});

test('only print-error.ts writes to standard error or to the console', () => {
  const source = join(import.meta.dirname, '..', '..', 'src');
  const writing = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /\.tsx?$/.test(name) &&
      /\bconsole\.\w|\bstderr\.write|\bstdout\.write/.test(readFileSync(join(source, name), 'utf8')),
  );
  // The code that fetch-code.ts exports is a text.
  expect(writing).toEqual([
    join('core', 'export', 'fetch-code.ts'),
    join('main', 'process', 'print-error.ts'),
  ]);
});

/** Runs the command line in a real terminal of this width. */
async function inTerminal(columns: number, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const entry = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
  const command = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;
  const { stdout } = await promisify(execFile)(
    'script',
    ['-qec', `stty cols ${columns}; ${command}; true`, '/dev/null'],
    { env: { ...environment, TERM: 'xterm', NO_PROXY: '*', ...env } },
  );
  return stdout.replaceAll('\r\n', '\n');
}

/** A stream of two tokens that ends without a finish reason. */
function tokens(): string {
  const path = join(scratch(), 'tokens.sse');
  const payload = (content: string): string =>
    JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] });
  writeFileSync(path, ['Hel', 'lo'].map((token) => `data: ${payload(token)}\n\n`).join(''));
  return path;
}

test('capture shows the token of each event in a terminal', async () => {
  const path = tokens();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(readFileSync(path));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const shown = await inTerminal(80, ['capture', url, '-o', join(scratch(), 'b'), '--color', 'never']);
  expect(shown).toMatch(/message +"Hel" {2}choices\[0\]/);
  expect(shown).toMatch(/message +"lo" {2}choices\[0\]/);
});

test('a terminal gets colors, unless NO_COLOR or --color never says otherwise', async () => {
  const args = ['inspect', tokens(), '--as', 'findings'];
  const red = '\u001b[31merror\u001b[0m';
  expect(await inTerminal(80, args)).toContain(red);
  expect(await inTerminal(80, args, { NO_COLOR: '1' })).not.toContain('\u001b');
  expect(await inTerminal(80, args, { NO_COLOR: '1', FORCE_COLOR: '1' })).toContain(red);
  expect(await inTerminal(80, [...args, '--color', 'never'])).not.toContain('\u001b');
  expect(await inTerminal(80, [...args, '--color', 'always'], { NO_COLOR: '1' })).toContain(red);
  expect(await inTerminal(80, [...args, '--json'])).not.toContain('\u001b');
});

test('no line is wider than the terminal', async () => {
  const path = tokens();
  for (const args of [
    ['inspect', path, '--as', 'events'],
    ['inspect', path, '--as', 'findings'],
    ['inspect', path, '--as', 'messages'],
    ['inspect', path],
    ['check', path],
  ]) {
    const shown = await inTerminal(44, [...args, '--color', 'never']);
    for (const line of shown.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(44);
  }
});

test('colors never reach a pipe', async () => {
  const { stdout } = await runCli(['inspect', tokens(), '--as', 'findings', '--color', 'always'], {
    env: { FORCE_COLOR: '1' },
  });
  expect(stdout).not.toContain('\u001b');
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ code: 'missing-terminal-event' });
});
