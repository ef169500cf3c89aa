import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hasProgram } from '../../../scripts/setup/debian.mjs';
import type { CaptureRequest } from '../../../src/core/capture/record.ts';
import { curlCommand } from '../../../src/core/export/curl.ts';
import { fetchCode } from '../../../src/core/export/fetch-code.ts';
import { pythonCode } from '../../../src/core/export/python-code.ts';

const run = promisify(execFile);

/** A language in which a request is written, and the command that runs a file of it. */
interface Language {
  readonly code: (request: CaptureRequest) => string;
  readonly extension: string;
  readonly command: string;
}
const curl: Language = { code: curlCommand, extension: 'sh', command: 'sh' };
const javaScript: Language = { code: fetchCode, extension: 'mjs', command: process.execPath };
const python: Language = { code: pythonCode, extension: 'py', command: 'python3' };
const isMissing = (language: Language): boolean => language === python && !hasProgram('python3');

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Runs the code of a request against a server of its own, and returns what the server received. */
async function send(
  { code, extension, command }: Language,
  request: Omit<CaptureRequest, 'url' | 'client'>,
  path: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Received> {
  const folder = await mkdtemp(join(tmpdir(), 'sse-inspector-request-'));
  let received: Received | null = null;
  const server = createServer((incoming, answer) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      received = { method, url, headers, body: Buffer.concat(pieces).toString() };
      answer.end('data: x\n\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = join(folder, `request.${extension}`);
    await writeFile(file, code({ ...request, url: origin + path, client: 'raw' }));
    const { stdout } = await run(command, [file], { env: { PATH: process.env['PATH'], ...env } });
    expect(stdout).toBe('data: x\n\n');
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
  if (received === null) throw new Error('nothing was sent');
  return received;
}

describe('the curl command', () => {
  test('sends the same request from a real shell, whatever is in it', async () => {
    const hostile = `'"$(touch /tmp/never)\`id\`\\\n!*?~{}[]&;|<>#%\t\u001b[31m é€😀 -d @/etc/passwd`;
    const received = await send(
      curl,
      {
        method: 'PATCH',
        headers: [
          ['Accept', 'text/event-stream'],
          ['X-Quotes', `it's "$HOME" \`id\` \\ $(id)`],
          ['X-Empty', ''],
          ['Content-Length', '999'],
        ],
        body: hostile,
      },
      `/p?q='$(id)'&list[]={a,b}&x=%20`,
    );
    expect(received).toMatchObject({
      method: 'PATCH',
      url: `/p?q='$(id)'&list[]={a,b}&x=%20`,
      body: hostile,
    });
    expect(received.headers).toMatchObject({
      accept: 'text/event-stream',
      'x-quotes': `it's "$HOME" \`id\` \\ $(id)`,
      'x-empty': '',
    });
    expect(received.headers['content-type']).toBeUndefined();
    expect(received.headers['user-agent']).toBeUndefined();
  });

  test('any body arrives byte for byte, NUL included', async () => {
    for (const body of ['@/etc/passwd', '', 'a\0b\\0c\\\x00001%s\n', '-', "'", '\\']) {
      expect(await send(curl, { method: 'POST', headers: [], body }, '/')).toMatchObject({
        method: 'POST',
        body,
      });
    }
  });

  test('asks for what was redacted in a body too, and sends a body that says the same word as it is', async () => {
    const json = { method: 'POST', headers: [], body: '{"api_key":"[redacted]","text":"[redacted]"}' };
    expect((await send(curl, json, '/', { API_KEY: "k'1" })).body).toBe(
      `{"api_key":"k'1","text":"[redacted]"}`,
    );
    await expect(send(curl, json, '/')).rejects.toThrow(/API_KEY: was redacted/);
    const form = { method: 'POST', headers: [], body: 'a=1&password=[redacted]&b=2' };
    expect((await send(curl, form, '/', { PASSWORD: 'x' })).body).toBe('a=1&password=x&b=2');
  });

  test('takes an address that looks like an option for an address', () => {
    const request = { method: 'GET', headers: [], client: 'raw' } as const;
    expect(curlCommand({ ...request, url: '-o/home/me/.profile' })).toContain("--url '-o/home/me/.profile'");
  });

  test('asks for what was redacted through variables, and sends nothing without them', async () => {
    const headers: [string, string][] = [
      ['Authorization', 'Bearer [redacted]'],
      ['x-api-key', '[redacted]'],
    ];
    const request = { method: 'GET', headers };
    const env = { AUTHORIZATION: 'tok en', X_API_KEY: "k'ey", KEY: 'abc' };
    const received = await send(curl, request, '/?key=[redacted]&b=1', env);
    expect(received).toMatchObject({
      url: '/?key=abc&b=1',
      headers: { authorization: 'Bearer tok en', 'x-api-key': "k'ey" },
    });
    await expect(send(curl, request, '/')).rejects.toThrow(/AUTHORIZATION: was redacted: set it first/);
  });
});

describe.each([
  ['JavaScript', javaScript, /Set AUTHORIZATION first: it was redacted/],
  ['Python', python, /KeyError: 'AUTHORIZATION'/],
] as const)('the %s code', (_name, language, refusal) => {
  test('sends the same request, whatever is in it', async ({ skip }) => {
    skip(isMissing(language), 'no python3 in the PATH');
    const hostile = `'"\${process.exit(1)}\`id\`\\\n{}[]&;%s%(x)s\t\u2028é€😀\0"""'''#`;
    const received = await send(
      language,
      {
        method: 'PATCH',
        headers: [
          ['Accept', 'text/event-stream'],
          ['X-Quotes', `it's "\${HOME}" \\ %(x)s`],
          ['Content-Length', '999'],
          ['Content-Type', 'application/json'],
        ],
        body: hostile,
      },
      '/p?a=1&list[]={a,b}&x=%20',
    );
    expect(received).toMatchObject({ method: 'PATCH', url: '/p?a=1&list[]={a,b}&x=%20', body: hostile });
    expect(received.headers).toMatchObject({
      accept: 'text/event-stream',
      'x-quotes': `it's "\${HOME}" \\ %(x)s`,
      'content-type': 'application/json',
    });
  });

  test('reads redacted secrets from the environment, and sends nothing without them', async ({ skip }) => {
    skip(isMissing(language), 'no python3 in the PATH');
    const request = {
      method: 'POST',
      headers: [['Authorization', '[redacted]'] as const],
      body: '{"api_key":"[redacted]"}',
    };
    const secrets = { AUTHORIZATION: 'Bearer "x"', API_KEY: 'k1', KEY: 'k2' };
    const received = await send(language, request, '/?key=[redacted]', secrets);
    expect(received).toMatchObject({ url: '/?key=k2', body: '{"api_key":"k1"}' });
    expect(received.headers.authorization).toBe('Bearer "x"');
    await expect(send(language, request, '/', { API_KEY: 'k1' })).rejects.toThrow(refusal);
  });

  test('sends a GET without a body', async ({ skip }) => {
    skip(isMissing(language), 'no python3 in the PATH');
    expect(await send(language, { method: 'GET', headers: [] }, '/')).toMatchObject({
      method: 'GET',
      url: '/',
      body: '',
    });
  });
});
