import { describe, expect, test } from 'vitest';
import { Deferred } from '../../../src/core/deferred.ts';
import { containing, someNumber } from './containing.ts';
import { EVENT_STREAM, serveAnswers, serveHttp, turnsOfTheLoop } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('an abort ends it at once', () => {
  test('before there is a connection', async () => {
    const stream = new OpenedStream({ url: 'http://127.0.0.1:9/' });
    expect(await stream.abort()).toEqual({ kind: 'end', at: someNumber, reason: 'aborted' });
    expect(stream.records.map((record) => record.kind)).toEqual(['note', 'end']);
    expect(stream.notes('abort')).toHaveLength(1);
  });

  test('before the headers, and the server notices', async () => {
    const closed = new Deferred<void>();
    const asked = new Deferred<void>();
    const origin = await serveHttp((request) => {
      asked.resolve();
      request.on('close', () => closed.resolve());
    });
    const stream = new OpenedStream({ url: origin });
    await asked.promise;
    expect((await stream.abort()).reason).toBe('aborted');
    await closed.promise;
  });

  test('in the body, with what was received kept', async () => {
    const closed = new Deferred<void>();
    const origin = await serveHttp((request, response) => {
      response.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
      request.on('close', () => closed.resolve());
    });
    const stream = new OpenedStream({ url: origin });
    await stream.until(() => stream.text === 'data: 1\n\n');
    expect((await stream.abort()).reason).toBe('aborted');
    expect(stream.records.at(-1)?.kind).toBe('end');
    await closed.promise;
  });

  test('while the sink accepts nothing', async () => {
    const origin = await serveHttp(
      (_request, response) => void response.writeHead(200, EVENT_STREAM).write('data: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin }, {}, () => new Promise(() => undefined));
    await stream.until(() => stream.chunks.length > 0);
    expect((await stream.abort()).reason).toBe('aborted');
  });
});

describe('a sink that cannot keep up', () => {
  test('stops the server, and nothing is lost when it continues', async () => {
    const total = 64 * 1024 * 1024;
    const block = Buffer.alloc(256 * 1024, 'x');
    const sent: number[] = [];
    const origin = await serveHttp((_request, response) => {
      const at = sent.push(0) - 1;
      response.writeHead(200, EVENT_STREAM);
      const write = (): void => {
        let size = sent[at] ?? 0;
        let goesOn = true;
        while (goesOn && size < total) {
          goesOn = response.write(block);
          size += block.length;
        }
        sent[at] = size;
        if (goesOn) response.end();
      };
      response.on('drain', write);
      write();
    });
    const gate = new Deferred<void>();
    let received = 0;
    const stream = new OpenedStream({ url: origin }, {}, (record) => {
      if (record.kind === 'chunk') received += record.bytes.length;
      return record.kind === 'chunk' ? gate.promise : undefined;
    });
    await stream.until(() => received > 0);
    // The same body is received completely in the meantime: so would this one be if the server had not stopped.
    expect((await new OpenedStream({ url: origin }).end).reason).toBe('complete');
    expect(sent[0]).toBeLessThan(total / 2);
    expect(received).toBeLessThan(1024 * 1024);
    gate.resolve();
    expect((await stream.end).reason).toBe('complete');
    expect(received).toBe(total);
  });

  test('does not lose what was read when the server resets the connection', async () => {
    const reset = new Deferred<void>();
    const origin = await serveAnswers((socket) => {
      socket.setNoDelay(true);
      socket.write(`${HEAD}\r\nfirst`);
      socket.once('close', () => void turnsOfTheLoop().then(() => reset.resolve()));
      void stream
        .until(() => stream.text === 'first')
        .then(() =>
          socket.write(' second', () => void turnsOfTheLoop().then(() => socket.resetAndDestroy())),
        );
    });
    const stream = new OpenedStream({ url: origin }, {}, (record) =>
      record.kind === 'chunk' ? reset.promise : undefined,
    );
    expect((await stream.end).reason).toBe('premature-close');
    expect(stream.text).toBe('first second');
  });

  test('that fails ends the stream with an error', async () => {
    const origin = await serveHttp(
      (_request, response) => void response.writeHead(200, EVENT_STREAM).write('data: 1\n\n'),
    );
    const stream = new OpenedStream({ url: origin }, {}, (record) =>
      record.kind === 'chunk' ? Promise.reject(new Error('no space')) : undefined,
    );
    expect(await stream.end).toMatchObject({
      reason: 'error',
      error: { code: 'SINK_FAILED', message: containing('no space') },
    });
  });
});
