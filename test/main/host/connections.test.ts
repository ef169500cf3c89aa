import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Connections } from '../../../src/main/host/connections.ts';
import { openLibrary, temporaryFolder, until } from '../captures/capture-fixture.ts';
import { serveHttp } from '../client/local-servers.ts';

async function connections() {
  const library = await openLibrary(await temporaryFolder());
  return { library, connections: new Connections(library, { missing: 'no Chromium was found' }) };
}

/** A server whose stream stays open. */
async function openStream() {
  const responses: ServerResponse[] = [];
  const url = await serveHttp((_, response) => {
    responses.push(response);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
  });
  return { url, responses };
}

describe('Connections', () => {
  test('says where a stream is recorded before anything is answered', async () => {
    const { library, connections: open } = await connections();
    const url = await serveHttp(() => undefined);
    const id = await open.connect({ url, client: 'raw' });
    expect(library.summary(id)).toMatchObject({ phase: 'connecting', status: null, origin: 'connection' });
    await open.close();
    await until(library, () => library.summary(id)?.end?.reason === 'aborted');
  });

  test('refuses client `browser` without a browser', async () => {
    const { library, connections: open } = await connections();
    await expect(open.connect({ url: 'http://127.0.0.1:1', client: 'browser' })).rejects.toMatchObject({
      code: 'not-available',
      message: 'There is no browser to open it in: no Chromium was found.',
    });
    expect(await library.list()).toEqual([]);
  });

  test('records until the server ends', async () => {
    const { library, connections: open } = await connections();
    const { url, responses } = await openStream();
    const id = await open.connect({ url, client: 'raw' });
    await until(library, () => library.summary(id)?.dispatched === 1);
    responses[0]?.end('data: last\n\n');
    await until(library, () => library.summary(id)?.phase === 'ended');
    expect(library.summary(id)).toMatchObject({ dispatched: 2, end: { reason: 'complete' } });
    // What has ended can be stopped: nothing happens.
    await open.stop(id);
    expect(library.summary(id)?.end?.reason).toBe('complete');
  });

  test('stops one and lets the others go on; the server sees it', async () => {
    const { library, connections: open } = await connections();
    const { url, responses } = await openStream();
    const [one, other] = [
      await open.connect({ url, client: 'raw' }),
      await open.connect({ url, client: 'raw' }),
    ];
    await until(library, () => [one, other].every((id) => library.summary(id)?.dispatched === 1));
    const closed = Promise.race(responses.map((response) => once(response, 'close')));
    await open.stop(one);
    await closed;
    await until(library, () => library.summary(one)?.phase === 'ended');
    expect(library.summary(one)?.end?.reason).toBe('aborted');
    expect(library.summary(other)?.phase).toBe('streaming');
    await open.close();
    await until(library, () => library.summary(other)?.end?.reason === 'aborted');
  });

  test('records a connection that fails as one', async () => {
    const { library, connections: open } = await connections();
    const id = await open.connect({ url: 'http://127.0.0.1:1/', client: 'raw' });
    await until(library, () => library.summary(id)?.phase === 'ended');
    expect(library.summary(id)?.end).toMatchObject({ reason: 'error', error: { code: 'ECONNREFUSED' } });
  });

  test('removes a request, which has its secrets, when its capture is deleted', async () => {
    const { library, connections: open } = await connections();
    const url = await serveHttp((_, response) => void response.end());
    const headers: [string, string][] = [['Authorization', 'Bearer s3cret-of-the-test']];
    const id = await open.connect({ url, client: 'raw', headers });
    await until(library, () => library.summary(id)?.phase === 'ended');
    expect(open.requestOf(id)?.headers).toContainEqual(headers[0]);
    await library.delete(id);
    expect(open.requestOf(id)).toBe(null);
  });

  test('sends a request again with its secrets, which neither the capture nor whoever edits it is told', async () => {
    const { library, connections: open } = await connections();
    const seen: (string | undefined)[] = [];
    const url = await serveHttp((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const headers: [string, string][] = [['Authorization', 'Bearer s3cret-of-the-test']];
    const first = await open.connect({ url, client: 'raw', headers });
    const second = await open.again(first);
    // One that was sent again can be sent again.
    const third = await open.again(second);
    const edited = await open.editable(third);
    expect(JSON.stringify(edited)).not.toContain('s3cret');
    const fourth = await open.connect({ ...edited.request, method: 'POST', secretsOf: third });
    await until(library, () => library.summary(fourth)?.phase === 'ended');
    expect(seen).toEqual(Array(4).fill('Bearer s3cret-of-the-test'));
    expect(JSON.stringify(library.summary(fourth))).not.toContain('s3cret');
  });

  test('sends no secret of a capture to another origin, and records nothing', async () => {
    const { library, connections: open } = await connections();
    const seen: (string | undefined)[] = [];
    const [url, other] = [
      await serveHttp((_, response) => void response.end()),
      await serveHttp((request, response) => {
        seen.push(request.headers.authorization);
        response.end();
      }),
    ];
    const headers: [string, string][] = [['Authorization', 'Bearer s3cret-of-the-test']];
    const secretsOf = await open.connect({ url, client: 'raw', headers });
    const { request } = await open.editable(secretsOf);
    await expect(open.connect({ ...request, url: other, secretsOf })).rejects.toMatchObject({
      code: 'secrets-missing',
    });
    expect(seen).toEqual([]);
    expect(await library.list()).toHaveLength(1);
  });

  test.each([
    ['bad-url', { url: 'no address' }],
    ['bad-url', { url: 'file:///etc/passwd' }],
    ['bad-header', { url: 'http://127.0.0.1:1/', headers: [['X Y', 'a']] as [string, string][] }],
  ])('refuses with %s what cannot be sent, and begins no capture', async (code, params) => {
    const { library, connections: open } = await connections();
    await expect(open.connect({ client: 'raw', ...params })).rejects.toMatchObject({ code });
    expect(await library.list()).toEqual([]);
  });
});
