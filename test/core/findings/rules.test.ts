import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/core/findings/diagnose.ts';
import { type FindingCode, findingCodes, type Severity } from '../../../src/core/findings/finding.ts';
import { CaptureBuilder, chatEnd, deltas, event } from '../../fixtures/capture-builder.ts';

const build = (request = {}): CaptureBuilder => new CaptureBuilder(request);
const sse = (...more: [string, string][]): [string, string][] => [
  ['Content-Type', 'text/event-stream'],
  ...more,
];
const held = deltas(100).join('') + chatEnd;
const tick = Array.from({ length: 20 }, (_, n) => event(`tick ${n}`));
const browser = { client: 'browser' } as const;

/** Each rule's case, with its severity, and a near miss in which it is silent. */
const cases: readonly (readonly [FindingCode, Severity, CaptureBuilder, CaptureBuilder])[] = [
  ['connection-failed', 'error', build().end('error', 3, 'refused'), build().end('aborted')],
  [
    'http-status',
    'error',
    build().response(sse(), { status: 503 }).end(),
    build({ method: 'POST' }).response(sse(), { status: 201 }).chunk(event('a')).end(),
  ],
  [
    'wrong-content-type',
    'error',
    build()
      .response([['content-type', 'text/plain']])
      .chunk(event('a'))
      .end(),
    build()
      .response([['content-type', 'Text/Event-Stream; charset=utf-8']])
      .chunk(event('a'))
      .end(),
  ],
  [
    'body-not-sse',
    'error',
    build()
      .response([['content-type', 'application/json']])
      .chunk('[{"a":1},\n{"b":2}]')
      .end(),
    build()
      .response([['content-type', 'application/x-ndjson']])
      .chunk('[{"a":1}]\n')
      .end(),
  ],
  [
    'redirected',
    'warning',
    build({ method: 'POST' })
      .note('redirect', { status: 302, from: 'http://x/', to: 'http://x/y' })
      .response()
      .chunk(event('a'))
      .end(),
    build().response().chunk(event('a')).end(),
  ],
  [
    'content-encoded',
    'info',
    build()
      .response(sse(['Content-Encoding', 'gzip']))
      .chunk(event('a'), 10, 30)
      .end(),
    build()
      .response(sse(['Content-Encoding', 'identity']))
      .chunk(event('a'))
      .end(),
  ],
  [
    'bytes-after-body',
    'warning',
    build()
      .response()
      .chunk(event('a'))
      .note('warning', { code: 'bytes-after-body', text: '3 bytes more.' })
      .end(),
    build()
      .response()
      .chunk(event('a'))
      .note('warning', { code: 'repeated-content-length', text: 'twice' })
      .end(),
  ],
  [
    'cacheable-response',
    'warning',
    build()
      .response(sse(['Cache-Control', 'public, max-age=600']))
      .chunk(event('a'))
      .end(),
    build()
      .response(sse(['Cache-Control', 'max-age=600, no-cache']))
      .chunk(event('a'))
      .end(),
  ],
  [
    'cors-missing',
    'warning',
    build({ headers: [['Origin', 'https://a.example']] })
      .response()
      .chunk(event('a'))
      .end(),
    build({ headers: [['Origin', 'https://a.example']] })
      .response(sse(['Access-Control-Allow-Origin', 'https://a.example']))
      .chunk(event('a'))
      .end(),
  ],
  [
    'cors-missing',
    'error',
    build(browser).end(
      'error',
      20,
      'Failed to fetch: the response does not allow this page’s origin (no matching Access-Control-Allow-Origin).',
    ),
    build(browser).end('error', 20, 'Failed to fetch: x cannot be reached from the browser.'),
  ],
  [
    'credentials-in-url',
    'info',
    build({ url: 'http://x/events?access_token=abc' }).response().chunk(event('a')).end(),
    build({ url: 'http://x/events?max_tokens=100' }).response().chunk(event('a')).end(),
  ],
  [
    'not-eventsource-compatible',
    'info',
    build(browser)
      .response()
      .note('log', { text: 'EventSource cannot send POST: it is not opened.' })
      .chunk(event('a'))
      .end(),
    build(browser).response().note('log', { text: 'EventSource: open' }).chunk(event('a')).end(),
  ],
  [
    'http1-connection-limit',
    'info',
    build({ client: 'eventsource' }).response().chunk(event('a')).end('aborted', 45_000),
    build().response().chunk(event('a')).end('aborted', 45_000),
  ],
  [
    'no-events',
    'error',
    build().response().chunk('{"a":1}\n\n').end(),
    build().response().chunk(': alive\n\n').end(),
  ],
  [
    'event-without-blank-line',
    'error',
    build().response().chunk('data: a\n\ndata: b\n').end(),
    build().response().chunk('data: a\n\ndata: b\n').end('aborted'),
  ],
  [
    'unknown-field',
    'warning',
    build().response().chunk('Data: a\ndata: b\n\n').end(),
    build().response().chunk(': comment\ndata\nid\ndata: b\n\n').end(),
  ],
  [
    'utf8-invalid',
    'warning',
    build()
      .response()
      .chunk(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 10, 10))
      .end(),
    build().response().chunk(event('\ufffd')).end(),
  ],
  [
    'utf8-split-across-chunks',
    'info',
    build()
      .response()
      .chunk(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xc3))
      .chunk(Uint8Array.of(0xa9, 10, 10), 20)
      .end(),
    build().response().chunk('data: é').chunk('\n\n', 20).end(),
  ],
  [
    'event-split-across-chunks',
    'info',
    build().response().chunk('data: a').chunk('b\n\n', 20).end(),
    build().response().chunk(event('a')).chunk(event('b'), 20).end(),
  ],
  [
    'stray-bom',
    'warning',
    build().response().chunk('data: a\n\n\ufeffdata: b\n\n').end(),
    build().response().chunk('\ufeffdata: a\n\n').end(),
  ],
  [
    'retry-invalid',
    'warning',
    build().response().chunk('retry: 3s\ndata: a\n\n').end(),
    build().response().chunk('retry: 3000\ndata: a\n\n').end(),
  ],
  [
    'id-contains-null',
    'warning',
    build().response().chunk('id: a\0b\ndata: a\n\n').end(),
    build().response().chunk('id: ab\ndata: a\n\n').end(),
  ],
  [
    'mixed-line-endings',
    'info',
    build().response().chunk('data: a\r\n\r\ndata: b\n\n').end(),
    build().response().chunk('data: a\r').chunk('\n\r\ndata: b\r\n\r\n', 20).end(),
  ],
  [
    'response-buffered',
    'warning',
    build().response().chunk(held, 3000).end(),
    build().response().chunk(held, 300).end(),
  ],
  [
    'coalesced-delivery',
    'warning',
    build()
      .response()
      .chunks(held.match(/[^]{1,4096}/g) ?? [], 300, 300)
      .end(),
    // A slow link delivers whatever it has, one segment at a time.
    build()
      .response()
      .chunks(held.match(/[^]{1,200}/g) ?? [], 300, 60)
      .end(),
  ],
  [
    'one-event-late',
    'warning',
    build()
      .response()
      .chunks(['data: 0', ...Array.from({ length: 20 }, (_, n) => `\n\ndata: ${n + 1}`), '\n\n'], 100, 100)
      .end(),
    build().response().chunks(tick, 100, 100).end(),
  ],
  [
    'stalled',
    'info',
    build()
      .response()
      .chunks(deltas(20), 100, 20)
      .chunk(deltas(1)[0] ?? '', 3000)
      .chunk(chatEnd, 3010)
      .end(),
    build().response().chunks(deltas(20), 100, 20).chunk(chatEnd, 600).end(),
  ],
  [
    'no-heartbeat',
    'info',
    build().response().chunk(event('a'), 10).chunk(event('b'), 30_000).end(),
    build().response().chunk(event('a'), 10).chunk(': alive\n\n', 15_000).chunk(event('b'), 30_000).end(),
  ],
  [
    'served-from-cache',
    'info',
    build()
      .response(sse(['X-Cache-Status', 'HIT']))
      .chunk(event('a'))
      .end(),
    build()
      .response(sse(['Age', '0'], ['X-Cache', 'MISS from x']))
      .chunk(event('a'))
      .end(),
  ],
  [
    'json-malformed',
    'error',
    build().response().chunk(event("{'a': None}")).end(),
    build()
      .response()
      .chunk(event('[INFO] started') + event('[1/3] step') + event('{name} joined'))
      .end(),
  ],
  [
    'json-truncated',
    'error',
    build().response().chunk(event('{"a":[1,2')).end(),
    build().response().chunk(event('[WARN')).end(),
  ],
  [
    'json-split-across-events',
    'warning',
    build()
      .response()
      .chunk(event('{"a":') + event('1}'))
      .end(),
    build().response().chunk(event('{"a":1}{"b":2}')).end(),
  ],
  [
    'duplicate-key',
    'warning',
    build().response().chunk(event('{"a":1,"b":{"a":2},"a":3}')).end(),
    build().response().chunk(event('{"a":"a","b":{"a":"\\"a\\":"},"c":[{"a":1},{"a":2}]}')).end(),
  ],
  [
    'number-precision-loss',
    'warning',
    build().response().chunk(event('{"id":12345678901234567891}')).end(),
    build()
      .response()
      .chunk(event('{"id":"12345678901234567891","p":-0.12345678901234567,"n":9007199254740992}'))
      .end(),
  ],
  [
    'missing-terminal-event',
    'error',
    build().response().chunks(deltas(5), 10, 20).end(),
    build().response().chunks(deltas(5), 10, 20).end('aborted'),
  ],
  [
    'error-in-stream',
    'error',
    build().response().chunk('event: error\ndata: {"error":{"message":"overloaded"}}\n\n').end(),
    build()
      .response()
      .chunk(event('{"error":null,"object":"chat.completion.chunk","choices":[]}') + chatEnd)
      .end(),
  ],
  [
    'data-after-done',
    'warning',
    build()
      .response()
      .chunk(`${chatEnd}${deltas(1).join('')}`)
      .end(),
    build().response().chunk(chatEnd).chunk(': bye\n\n', 20).end(),
  ],
  [
    'premature-close',
    'error',
    build().response().chunks(deltas(5), 10, 20).end('premature-close', undefined, 'closed'),
    build().response().chunks(deltas(5), 10, 20).end('aborted'),
  ],
  [
    'idle-timeout-close',
    'warning',
    build().response().chunks(deltas(20), 10, 20).end('premature-close', 60_400, 'closed'),
    build().response().chunks(deltas(20), 10, 20).chunk(chatEnd, 420).end('complete', 60_400),
  ],
  [
    'platform-time-limit',
    'info',
    build().response().chunks(deltas(100), 50, 100).end('premature-close', 10_050, 'closed'),
    build().response().chunks(deltas(60), 50, 100).end('premature-close', 6050, 'closed'),
  ],
  [
    'abort-not-propagated',
    'warning',
    reconnecting([1, 2, 3], 'premature-close'),
    reconnecting([1, 1, 1], 'premature-close'),
  ],
  [
    'resources-left-open',
    'warning',
    reconnecting([2, 3, 5], 'complete'),
    reconnecting([2, 3, 2], 'complete'),
  ],
  [
    'context-lost',
    'error',
    build({ headers: [['X-Request-Id', 'mine']] })
      .response()
      .chunk(': context other\ndata: a\n\n')
      .end(),
    build({ headers: [['X-Request-Id', 'mine']] })
      .response()
      .chunk(': context mine\ndata: a\n\n')
      .end(),
  ],
  [
    'last-event-id-ignored',
    'warning',
    resumed(['id: 1\ndata: a\n\nid: 2\ndata: b\n\n', 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n'], '2'),
    resumed(['id: 1\ndata: a\n\nid: 2\ndata: b\n\n', 'id: 3\ndata: c\n\n'], '2'),
  ],
  [
    'duplicate-after-reconnect',
    'warning',
    resumed([event('a') + event('b') + event('c'), event('a') + event('b') + event('c')], ''),
    resumed([event('hello') + event('b') + event('c'), event('hello') + event('d') + event('e')], ''),
  ],
];

/** Connections one after the other, each with its count of open streams. */
function reconnecting(opens: readonly number[], reason: string): CaptureBuilder {
  const capture = build();
  for (const [n, open] of opens.entries()) {
    if (n > 0) capture.note('reconnect', { attempt: n, delay: 5, lastEventId: '', reason }, 100 * n);
    capture.response(sse(), { at: 100 * n + 1 }).chunk(`: open ${open}\n\ndata: ${n}\n\n`, 100 * n + 2);
  }
  return capture.end('aborted');
}

/** Two connections, the second after a reconnection with this Last-Event-ID. */
function resumed([first = '', second = '']: readonly string[], lastEventId: string): CaptureBuilder {
  return build()
    .response()
    .chunk(first, 10)
    .note('reconnect', { attempt: 1, delay: 5, lastEventId, reason: 'complete' }, 100)
    .response(sse(), { at: 101 })
    .chunk(second, 102)
    .end('aborted');
}

describe('each rule', () => {
  test.each(cases)(
    '%s (%s) is found where it is, and not in what only looks like it',
    (code, severity, broken, nearMiss) => {
      const found = broken.finding(code);
      expect(found?.severity).toBe(severity);
      expect(found?.evidence.length).toBeGreaterThan(0);
      expect(found?.message).toMatch(/[.!?]$/);
      expect(nearMiss.finding(code)).toBeNull();
    },
  );

  test.each(cases.filter(([, severity]) => severity !== 'info'))(
    '%s (%s) fails its rung and a check of it',
    (code, _severity, broken) => {
      const { findings, rungs } = broken.analysis().diagnosis;
      const found = findings.find((finding) => finding.code === code);
      const verdict = rungs.find(({ rung }) => rung === found?.rung);
      expect(verdict?.state).toBe('failed');
      expect(verdict?.checks.filter(({ passed }) => !passed)).not.toEqual([]);
    },
  );

  test('has a case here or a test with the messages', () => {
    const elsewhere = [
      'line-too-long',
      'tool-arguments-invalid',
      'tool-index-missing',
      'length-limit-reached',
      'content-filtered',
      'out-of-order',
      'sequence-gap',
    ];
    const tried = new Set<string>([...cases.map(([code]) => code), ...elsewhere]);
    expect(findingCodes.filter((code) => !tried.has(code))).toEqual([]);
  });

  test('is there once for each code, in the order of the codes', () => {
    expect(rules.map(({ code }) => code)).toEqual(findingCodes);
  });
});
