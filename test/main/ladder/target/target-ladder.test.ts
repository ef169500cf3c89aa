import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { CaptureId } from '../../../../src/contract/capture-id.ts';
import { rungNumbers } from '../../../../src/core/rungs.ts';
import { ladderTarget, type LadderTarget } from '../../../../src/contract/ladder-target.ts';
import type { CaptureRequest } from '../../../../src/core/capture/record.ts';
import type { Browser } from '../../../../src/main/browser/browser.ts';
import { targetOf } from '../../../../src/main/ladder/target/target.ts';
import { runTargetLadder } from '../../../../src/main/ladder/target/target-ladder.ts';
import { failures, listener, noBrowser, rung } from '../ladder-under-test.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const stream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };
const climb = (target: LadderTarget, rungs?: readonly (1 | 2 | 3 | 4 | 5 | 6 | 7)[]) =>
  runTargetLadder({ target, rungs, browser: noBrowser });

describe('a target', () => {
  test('with one URL shares it between all rungs', () => {
    const target = targetOf({ url: 'localhost:3000/x', headers: { Authorization: 'Bearer 1' } });
    expect([...target.keys()]).toEqual([...rungNumbers]);
    expect(target.get(7)).toMatchObject({ own: false, origin: 'http://localhost:3000' });
    expect(target.get(7)?.headers).toEqual([['Authorization', 'Bearer 1']]);
  });

  test('has relative URLs, rungs with their own requests, and missing rungs', () => {
    const target = targetOf(
      ladderTarget.parse({
        base: 'http://127.0.0.1:8000/api/',
        url: '/all',
        headers: { 'X-A': '1', 'X-B': '1' },
        rungs: {
          '4': './four?delay=1',
          '5': null,
          '6': { url: '/v1', headers: { 'x-a': '2' }, body: { n: 1 } },
        },
      }),
    );
    expect(target.get(1)).toMatchObject({ url: 'http://127.0.0.1:8000/all', own: false });
    expect(target.get(4)).toMatchObject({ url: 'http://127.0.0.1:8000/api/four?delay=1', own: true });
    expect(target.has(5)).toBe(false);
    expect(target.get(6)).toMatchObject({ body: '{"n":1}', own: true });
    expect(target.get(6)?.headers).toEqual([
      ['X-B', '1'],
      ['x-a', '2'],
    ]);
  });

  test.each([
    [{}, 'bad-params', /has no URL/],
    [{ rungs: { '3': 'ftp://x/' } }, 'bad-url', /^Rung 3: /],
    [{ rungs: { '2': '/two' } }, 'bad-url', /^Rung 2: /],
    [{ url: 'http://x/', headers: { 'a b': '1' } }, 'bad-header', /^Rung 1: /],
  ])('%j is rejected', (target, code, message) => {
    expect(() => targetOf(target)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test('with unknown members is invalid', () => {
    expect(ladderTarget.safeParse({ url: 'http://x/', urls: [] }).success).toBe(false);
    expect(ladderTarget.safeParse({ rungs: { '8': 'http://x/' } }).success).toBe(false);
  });
});

describe('a server', () => {
  test('that is not running fails rung 1, and the rest is skipped', async () => {
    const { news, onProgress } = listener();
    const result = await runTargetLadder({
      target: { url: 'http://127.0.0.1:9/' },
      browser: noBrowser,
      onProgress,
    });
    expect(failures(result)).toEqual([expect.stringMatching(/^1 is-answered: no response: .*ECONNREFUSED/)]);
    expect(result.rungs.slice(1).every(({ state }) => state === 'skipped')).toBe(true);
    expect(news.at(-1)).toEqual(result);
  });

  test('without log lines fails no check, and the result names what is unknown', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, stream);
      for (let n = 0; n < 3; n++) response.write(`data: words ${n}\n\n`);
      response.end();
    });
    const result = await climb({ url });
    expect(failures(result)).toEqual([]);
    expect(result.rungs.map(({ state }) => state)).toEqual([
      'passed',
      'skipped',
      'passed',
      'passed',
      'skipped',
      'skipped',
      'passed',
    ]);
    const left = (number: number) => rung(result, number).unchecked?.map(({ name }) => name);
    expect(left(4)).toEqual(['every-yield-is-received', 'gaps-follow-yields', 'arrives-over-time']);
    expect(left(7)).toEqual(['context-survives', 'abort-is-noticed']);
    expect(rung(result, 5).reason).toMatch(/looks like JSON/);
    expect(rung(result, 6).reason).toMatch(/known model API/);
  });

  test('whose rung 4 sends all at once without log lines fails it', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, stream).end('data: 1\n\ndata: 2\n\ndata: 3\n\n');
    });
    expect(failures(await climb({ rungs: { '4': url } }))).toEqual([
      expect.stringMatching(/^4 arrives-over-time: .*does not wait, or something buffers/),
    ]);
  });

  test('whose stream never ends is cut, and its end is not judged', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, stream);
      const write = (): void => {
        while (!response.destroyed && response.write('data: {"x":1}\n\n'.repeat(100)));
      };
      response.on('drain', write);
      request.on('close', () => response.destroy());
      write();
    });
    const result = await climb({ url }, [1, 3, 5]);
    expect(failures(result)).toEqual([]);
    for (const number of [1, 3, 5])
      expect(rung(result, number).unchecked).toContainEqual(
        expect.objectContaining({ name: 'ends-complete' }),
      );
  }, 60_000);

  test('whose clock is years off is compared all the same', async () => {
    const started = performance.now() - 5000;
    const url = await serve((_, response) => {
      response.writeHead(200, stream);
      let n = 0;
      const timer = setInterval(() => {
        response.write(`: yield ${n} ${(performance.now() - started).toFixed(1)}\ndata: ${n}\n\n`);
        if (++n < 5) return;
        clearInterval(timer);
        response.end();
      }, 50);
    });
    const result = await climb({ rungs: { '4': url } });
    expect(failures(result)).toEqual([]);
    const { yields, arrivals } = rung(result, 4).timing ?? { yields: [], arrivals: [] };
    expect(yields).toHaveLength(5);
    for (const [n, at] of yields.entries()) expect(arrivals[n]).toBeGreaterThan(at - 0.001);
    expect(Math.min(...yields.map((at, n) => (arrivals[n] ?? 0) - at))).toBeLessThan(1);
  });

  test('that mixes up the contexts of parallel streams fails rung 7', async () => {
    let last = '';
    const url = await serve((request, response) => {
      last = String(request.headers['x-request-id']);
      response.writeHead(200, stream);
      setTimeout(() => response.end(`: context ${last}\ndata: 1\n\n`), 30);
    });
    expect(failures(await climb({ rungs: { '7': url } }))).toEqual([
      expect.stringMatching(/^7 context-survives/),
    ]);
  });

  test('receives the headers and the body of its rung, and the result holds no secrets', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        seen.push(`${request.method} ${request.headers.authorization} ${body}`);
        response.writeHead(401, stream).end();
      });
    });
    const target: LadderTarget = {
      headers: { Authorization: 'Bearer sk-secret' },
      rungs: { '1': { url, method: 'POST', body: { a: 1 } } },
    };
    const result = await climb(target);
    expect(seen).toEqual(['POST Bearer sk-secret {"a":1}']);
    expect(JSON.stringify(result)).not.toContain('sk-secret');
    expect(failures(result)).toEqual(['1 status-is-200: status 401']);
  });

  test('has a capture of the page’s request, not of another client’s', async () => {
    const url = await serve((_, response) => void response.writeHead(200, stream).end('data: 1\n\n'));
    const page: Browser = {
      name: 'a page of the test',
      run: async () => ({
        userAgent: '',
        origin: 'http://page.test',
        eventSource: { began: 0, opened: null, events: [], error: null },
        fetch: { began: 0, status: 200, headers: [], chunks: [], ended: 0, error: null },
      }),
    };
    const kept: CaptureRequest[] = [];
    await runTargetLadder({
      target: { rungs: { '2': { url, method: 'POST', headers: { 'X-A': '1' }, body: { a: 1 } } } },
      browser: page,
      recorder: async (_title, request) => {
        kept.push(request);
        return { capture: 'capture' as CaptureId, sink: () => undefined };
      },
    });
    expect(kept).toEqual([
      {
        method: 'POST',
        url: `${url}/`,
        headers: [
          ['X-A', '1'],
          ['Content-Type', 'application/json'],
        ],
        client: 'browser',
        body: '{"a":1}',
      },
    ]);
  });

  test('can be stopped at any time, and unfinished rungs are skipped', async () => {
    const stop = new AbortController();
    const url = await serve((_, response) => {
      response.writeHead(200, stream).write('data: 1\n\n', () => stop.abort());
    });
    const result = await runTargetLadder({ target: { url }, browser: noBrowser, signal: stop.signal });
    expect(result).toMatchObject({ passed: false, stopped: true });
    expect(result.rungs.every(({ reason }) => reason === 'the ladder was stopped')).toBe(true);
  });
});
