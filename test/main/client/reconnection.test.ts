import { describe, expect, test } from 'vitest';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { EVENT_STREAM, serveHttp } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

/** A server that answers each request with the next of `answers`, then 204; and the Last-Event-ID of each. */
async function serveInTurn(
  answers: readonly (string | number)[],
): Promise<{ origin: string; ids: (string | undefined)[] }> {
  const ids: (string | undefined)[] = [];
  const origin = await serveHttp((request, response) => {
    const id = request.headers['last-event-id'];
    const answer = answers[ids.length] ?? 204;
    ids.push(Array.isArray(id) ? id.join() : id);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (answer.endsWith('CUT'))
      response
        .writeHead(200, EVENT_STREAM)
        .write(answer.slice(0, -3), () => setImmediate(() => response.destroy()));
    else response.writeHead(200, EVENT_STREAM).end(answer);
  });
  return { origin, ids };
}

describe('reconnection', () => {
  test('is off by default', async () => {
    const { origin, ids } = await serveInTurn(['data: 1\n\n']);
    await new OpenedStream({ url: origin }).end;
    expect(ids).toEqual([undefined]);
  });

  test('continues with the last event ID until a 204, in one capture', async () => {
    const { origin, ids } = await serveInTurn([
      'retry: 60\nid: a\ndata: 1\n\nid: lost\ndata: unfinished',
      'data: 2\n\n',
      'id: é\ndata: 3\n\nCUT',
    ]);
    const stream = new OpenedStream({ url: origin, reconnect: true });
    expect((await stream.end).reason).toBe('complete');
    expect(ids).toEqual([undefined, 'a', 'a', Buffer.from('é').toString('latin1')]);
    expect(stream.notes('reconnect').map(({ fields }) => fields)).toEqual([
      { attempt: 1, delay: 60, lastEventId: 'a', reason: 'complete' },
      { attempt: 2, delay: 60, lastEventId: 'a', reason: 'complete' },
      { attempt: 3, delay: 60, lastEventId: 'é', reason: 'premature-close' },
    ]);
    expect(stream.responses.map(({ status }) => status)).toEqual([200, 200, 200, 204]);
    expect(stream.notes('log').at(-1)?.fields['text']).toContain('the server responded with 204');
    const events = derive(stream.records).blocks.filter(({ kind }) => kind === 'event');
    expect(events.map(({ data, lastEventId }) => [data, lastEventId])).toEqual([
      ['1', 'a'],
      ['2', 'a'],
      ['3', 'é'],
    ]);
  });

  test.each([
    [500, 'the server responded with 500'],
    [404, 'the server responded with 404'],
  ])('ends with a %i', async (status, why) => {
    const { origin, ids } = await serveInTurn(['retry: 50\n\n', status]);
    const stream = new OpenedStream({ url: origin, reconnect: true });
    expect((await stream.end).reason).toBe('complete');
    expect(ids).toHaveLength(2);
    expect(stream.notes('log').at(-1)?.fields['text']).toContain(why);
  });

  test('ends with another content type', async () => {
    const origin = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('id: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin, reconnect: true });
    expect((await stream.end).reason).toBe('complete');
    expect(stream.notes('log').at(-1)?.fields['text']).toContain('"text/html"');
  });

  test('continues without a response, but not if the host does not exist', async () => {
    let requests = 0;
    const origin = await serveHttp((_request, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(200, EVENT_STREAM).end('retry: 50\n\n');
      else if (requests < 4) response.destroy();
      else response.writeHead(204).end();
    });
    const stream = new OpenedStream({ url: origin, reconnect: true });
    await stream.end;
    const notes = stream.notes('reconnect').map(({ fields }) => fields);
    expect(notes.map(({ reason }) => reason)).toEqual(['complete', 'error', 'error']);
    // None of them delivered an event: each wait after the first is longer, by a random part.
    const [first, second, third] = notes.map(({ delay }) => Number(delay));
    expect(first).toBe(50);
    expect(second).toBeGreaterThanOrEqual(50);
    expect(second).toBeLessThanOrEqual(100);
    expect(third).toBeGreaterThanOrEqual(100);
    expect(third).toBeLessThanOrEqual(200);
    const nowhere = new OpenedStream({ url: 'http://nothing.invalid/', reconnect: true });
    const end = await Promise.race([
      nowhere.end,
      nowhere.until(() => nowhere.notes('log').length > 0).then(() => nowhere.abort()),
    ]);
    expect(end.reason).toMatch(/^(error|aborted)$/);
    expect(nowhere.notes('reconnect')).toHaveLength(0);
  });

  test('stops at once when aborted during the wait', async () => {
    const { origin, ids } = await serveInTurn(['retry: 3600000\ndata: 1\n\n']);
    const stream = new OpenedStream({ url: origin, reconnect: true });
    await stream.until(() => stream.notes('log').length === 1);
    expect(stream.notes('log')[0]?.fields['text']).toContain('Reconnecting in 3600000 ms');
    expect((await stream.abort()).reason).toBe('aborted');
    expect(ids).toHaveLength(1);
  });

  test('continues without an ID that a header cannot contain', async () => {
    const { origin, ids } = await serveInTurn(['retry: 50\nid: a\u001bb\ndata: 1\n\n']);
    const stream = new OpenedStream({
      url: origin,
      reconnect: true,
      headers: [['Last-Event-ID', 'mine']],
    });
    expect((await stream.end).reason).toBe('complete');
    expect(ids).toEqual(['mine', undefined]);
    expect(
      stream.notes('log').some(({ fields }) => JSON.stringify(fields).includes('control characters')),
    ).toBe(true);
  });

  test('replaces the Last-Event-ID that the user gave for the first request', async () => {
    const { origin, ids } = await serveInTurn(['retry: 50\ndata: 1\n\n', 'id: new\ndata: 2\n\n']);
    await new OpenedStream({ url: origin, reconnect: true, headers: [['Last-Event-ID', 'mine']] }).end;
    expect(ids).toEqual(['mine', 'mine', 'new']);
  });
});
