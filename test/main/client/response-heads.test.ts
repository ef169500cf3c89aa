import { describe, expect, test } from 'vitest';
import { containing } from './containing.ts';
import { httpChunk, serveAnswers, serveTcp, turnsOfTheLoop } from './local-servers.ts';
import { OpenedStream } from './opened-stream.ts';

const FINAL = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const EVENT = 'data: 1\n\n';

const warnings = (stream: OpenedStream): unknown[] =>
  stream.notes('warning').map(({ fields }) => fields['code']);

/** Opens a server that sends these pieces separately, and closes. */
async function answeredWith(pieces: readonly string[], method = 'GET'): Promise<OpenedStream> {
  const origin = await serveAnswers((socket) => {
    socket.setNoDelay(true);
    const send = (at: number): void => {
      const piece = pieces[at];
      if (piece === undefined) socket.end();
      else socket.write(piece, 'latin1', () => setImmediate(() => send(at + 1)));
    };
    send(0);
  });
  const stream = new OpenedStream({ url: origin, method });
  await stream.end;
  return stream;
}

/** The one message that a stream ended with. */
async function errorOf(pieces: readonly string[]): Promise<unknown> {
  const { reason, error } = await (await answeredWith(pieces)).end;
  return [reason, error?.code, error?.message.replace(/127\.0\.0\.1:\d+/g, 'HOST')];
}

describe('interim responses', () => {
  test.each([100, 102, 103, 199])(
    'with status %i come before the final one, however they are cut',
    async (status) => {
      const text = `HTTP/1.1 ${status} Wait\r\nX-A: 1\r\n\r\n${FINAL}Content-Length: 9\r\n\r\n${EVENT}`;
      for (const pieces of [[text], [...text], [text.slice(0, 30), text.slice(30)]]) {
        const stream = await answeredWith(pieces);
        expect((await stream.end).reason).toBe('complete');
        expect(stream.text).toBe(EVENT);
        expect(stream.responses.map((response) => response.status)).toEqual([200]);
        expect(stream.notes('log').map(({ fields }) => fields)).toEqual([
          { text: `Interim response ${status}.`, headers: [['X-A', '1']] },
        ]);
      }
    },
  );

  test('are counted if there are thousands, and the final one is read', async () => {
    const stream = await answeredWith([CONTINUE.repeat(1000) + FINAL + '\r\n' + EVENT]);
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(EVENT);
    expect(stream.notes('log')).toHaveLength(101);
    expect(stream.notes('log').at(-1)?.fields).toEqual({ text: '900 more interim responses.', count: 900 });
  });

  test.each([
    [1, 'an interim response'],
    [1000, '1000 interim responses'],
  ])('%i of them and then a close are told as such', async (count, text) => {
    expect(await errorOf([CONTINUE.repeat(count)])).toEqual([
      'error',
      'EMPTY_RESPONSE',
      `HOST closed the connection after ${text}, without a final one.`,
    ]);
  });

  test('with status 101 switch to a protocol that the request did not ask for', async () => {
    expect(
      await errorOf([
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x01a',
      ]),
    ).toEqual([
      'error',
      'SWITCHING_PROTOCOLS',
      'HOST answered 101 and switched to the protocol "websocket", which the request did not ask for.',
    ]);
  });
});

describe('a head that is', () => {
  test.each(['H', 'HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Le', `${FINAL}X: 1\r\n`])(
    'truncated is reported as such: %j',
    async (half) => {
      expect(await errorOf([half])).toEqual([
        'error',
        'HEADER_TRUNCATED',
        `HOST closed the connection in the middle of the response header, after ${half.length} ${half.length === 1 ? 'byte' : 'bytes'}.`,
      ]);
    },
  );

  test('truncated by a reset is reported as such', async () => {
    const origin = await serveAnswers((socket) => {
      socket.write('HTTP/1.1 200', () => void turnsOfTheLoop().then(() => socket.resetAndDestroy()));
    });
    expect(await new OpenedStream({ url: origin }).end).toMatchObject({
      error: { code: 'HEADER_TRUNCATED', message: containing('reset the connection in the middle') },
    });
  });

  test('truncated after an interim response is reported as such', async () => {
    expect(await errorOf([`${CONTINUE}HTTP/1.1 2`])).toEqual([
      'error',
      'HEADER_TRUNCATED',
      'HOST closed the connection in the middle of the response header, after 10 bytes.',
    ]);
  });

  test.each(['099', '000'])('with status %s is an error that names it', async (status) => {
    expect(await errorOf([`HTTP/1.1 ${status} X\r\n\r\n`])).toEqual([
      'error',
      'INVALID_STATUS',
      `HOST answered with status ${status}, which is not an HTTP status (100 to 599).`,
    ]);
  });

  test.each([
    ['a header name with a space', `${FINAL}Content-Length: 9\r\nA B: 1\r\n\r\n${EVENT}`],
    ['a status of two digits', `HTTP/1.1 20 OK\r\n\r\n`],
    ['a length that is no number', `${FINAL}Content-Length: abc\r\n\r\n${EVENT}`],
    ['a length below zero', `${FINAL}Content-Length: -5\r\n\r\n${EVENT}`],
  ])('not valid HTTP is reported as such: %s', async (_name, text) => {
    expect(await errorOf([text])).toEqual([
      'error',
      'MALFORMED_RESPONSE',
      containing('The response header of HOST is not valid HTTP'),
    ]);
  });

  test('too long is reported as such', async () => {
    expect(
      await errorOf([FINAL, ...Array.from({ length: 700 }, () => `X: ${'x'.repeat(1000)}\r\n`)]),
    ).toEqual([
      'error',
      'UND_ERR_HEADERS_OVERFLOW',
      containing('The response headers of HOST are too large.'),
    ]);
  });
});

describe('a Content-Length that is', () => {
  test.each(['Content-Length: 9\r\ncontent-length: 9\r\n', 'Content-Length: 9, 9\r\n'])(
    'repeated with the same value is read, recorded as received, and reported: %j',
    async (lengths) => {
      const stream = await answeredWith([`${FINAL}${lengths}X-A: 1\r\n\r\n${EVENT}`]);
      expect((await stream.end).reason).toBe('complete');
      expect(stream.text).toBe(EVENT);
      expect(warnings(stream)).toEqual(['repeated-content-length']);
      expect(stream.responses[0]?.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')).toBe(
        `Content-Type: text/event-stream\r\n${lengths}X-A: 1\r\n`,
      );
    },
  );

  test('repeated with another value cannot be read', async () => {
    expect(await errorOf([`${FINAL}Content-Length: 9\r\nContent-Length: 5\r\n\r\n${EVENT}`])).toEqual([
      'error',
      'CONTENT_LENGTH_CONFLICT',
      'HOST sent different Content-Length values (9 and 5): the end of the body is ambiguous.',
    ]);
  });

  test('given together with Transfer-Encoding is ignored and reported', async () => {
    const stream = await answeredWith([
      `${FINAL}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${httpChunk(EVENT)}0\r\n\r\n`,
    ]);
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(EVENT);
    expect(warnings(stream)).toEqual(['transfer-encoding-and-content-length']);
  });
});

describe('bytes after the end of a response', () => {
  test.each([
    ['Content-Length', 'GET', `${FINAL}Content-Length: 9\r\n\r\n${EVENT}`, EVENT],
    ['a closed connection', 'GET', `${FINAL}Connection: close\r\nContent-Length: 9\r\n\r\n${EVENT}`, EVENT],
    ['status 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['a HEAD request', 'HEAD', `${FINAL}Content-Length: 9\r\n\r\n`, ''],
  ])('are reported, and are not part of the body: %s', async (_name, method, text, body) => {
    const stream = await answeredWith([`${text}extra`], method);
    expect((await stream.end).reason).toBe('complete');
    expect(stream.text).toBe(body);
    expect(stream.notes('warning').map(({ fields }) => fields)).toEqual([
      {
        code: 'bytes-after-body',
        text: '5 bytes follow the end of the response. Clients ignore them or read them as the next response.',
        bytes: 5,
      },
    ]);
  });

  test('are not reported if there are none', async () => {
    for (const method of ['GET', 'HEAD']) {
      const text = `${FINAL}Content-Length: 9\r\n\r\n${method === 'GET' ? EVENT : ''}`;
      expect(warnings(await answeredWith([text], method))).toEqual([]);
    }
  });
});

test('a long head is read byte by byte', async () => {
  const head = `${FINAL}X: ${'x'.repeat(200_000)}\r\n\r\n${EVENT}`;
  const origin = await serveTcp((socket) => {
    socket.setNoDelay(true);
    let at = 0;
    const send = (): void => {
      if (at >= head.length) socket.end();
      else socket.write(head.slice(at, (at += 100)), send);
    };
    socket.once('data', send);
  });
  const stream = new OpenedStream({ url: origin });
  expect((await stream.end).reason).toBe('complete');
  expect(stream.text).toBe(EVENT);
});
