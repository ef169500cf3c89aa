import { describe, expect, test } from 'vitest';
import type { ConnectParams } from '../../../src/contract/connect-params.ts';
import { redactRequest } from '../../../src/core/capture/redact.ts';
import type { CaptureRequest } from '../../../src/core/capture/record.ts';
import { describedRequest, parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import {
  editableRequest,
  storedRequestAgain,
  withHeldSecrets,
} from '../../../src/main/host/request-again.ts';

const chat: ConnectParams = {
  url: 'https://api.test/v1/chat?api_key=in-query&n=1',
  method: 'POST',
  client: 'raw',
  headers: [
    ['Authorization', 'Bearer in-header'],
    ['X-Trace', 'on'],
  ],
  body: '{"model":"m","password":"in-body"}',
};

const secrets = /in-(?:query|header|body)/;

/** What a capture of this request has in its header. */
function stored(params: ConnectParams, keepSecrets = false): CaptureRequest {
  const request = describedRequest(parseStreamRequest(params), params.client);
  return keepSecrets ? request : redactRequest(request);
}

const sent = (params: ConnectParams) => ({ params, request: parseStreamRequest(params) });

describe('a stored request that is sent again', () => {
  test('is the same request, defaults and all', () => {
    const params: ConnectParams = {
      ...chat,
      url: 'https://api.test/v1',
      headers: [['X-Trace', 'on']],
      body: '{}',
    };
    const { request } = storedRequestAgain(stored(params));
    expect(describedRequest(request, 'raw')).toEqual(stored(params));
  });

  test('stays without the defaults that it was sent without', () => {
    const params: ConnectParams = { url: 'https://api.test/', client: 'raw', headers: [['User-Agent', '']] };
    const { request } = storedRequestAgain(stored(params));
    expect(request.headers.map(([name]) => name)).not.toContain('User-Agent');
  });

  test('has its secrets where they were stored, and is refused where they were redacted', () => {
    expect(storedRequestAgain(stored(chat, true)).request.headers).toContainEqual([
      'Authorization',
      'Bearer in-header',
    ]);
    for (const part of [
      { headers: [], body: '' },
      { url: 'https://api.test/', body: '' },
      { url: 'https://api.test/', headers: [] },
    ])
      expect(() => storedRequestAgain(stored({ ...chat, ...part }))).toThrow(
        expect.objectContaining({ code: 'secrets-missing' }),
      );
  });

  test('of a file is refused, and one that another program recorded is sent without what frames its message', () => {
    const recorded: CaptureRequest = {
      method: 'POST',
      url: 'https://api.test/',
      client: 'raw',
      headers: [
        [':authority', 'api.test'],
        ['Host', 'api.test'],
        ['Content-Length', '999'],
        ['Transfer-Encoding', 'chunked'],
        ['X-Trace', 'on'],
      ],
      body: '{}',
    };
    expect(storedRequestAgain(recorded).request.headers).toEqual([['X-Trace', 'on']]);
    expect(() => storedRequestAgain({ ...recorded, url: 'file:///tmp/a.har' })).toThrow(
      expect.objectContaining({ code: 'not-available' }),
    );
  });
});

describe('a request to be edited', () => {
  test('has no defaults of its client and no secrets, whether it is held or only stored', () => {
    const held = editableRequest(stored(chat), sent(chat));
    expect(held.secretsHeld).toBe(true);
    const only = editableRequest(stored(chat), null);
    expect(only.secretsHeld).toBe(false);
    for (const { request } of [held, only]) {
      expect(JSON.stringify(request)).not.toMatch(secrets);
      expect(request).toMatchObject({
        method: 'POST',
        url: 'https://api.test/v1/chat?api_key=[redacted]&n=1',
        headers: [
          ['Authorization', 'Bearer [redacted]'],
          ['X-Trace', 'on'],
        ],
        body: '{"model":"m","password":"[redacted]"}',
      });
    }
  });

  test('keeps a header field that has another value than the client gives it', () => {
    const params: ConnectParams = { url: 'https://api.test/', client: 'raw', headers: [['Accept', '*/*']] };
    expect(editableRequest(stored(params), null).request.headers).toEqual([['Accept', '*/*']]);
  });
});

describe('secrets that are held', () => {
  const edited = editableRequest(stored(chat), sent(chat)).request;

  test('are filled in where they were', () => {
    expect(withHeldSecrets(edited, chat)).toEqual(chat);
  });

  test('are filled in around changes elsewhere', () => {
    const url = 'https://api.test/v1/other?n=2&api_key=[redacted]';
    const headers: [string, string][] = [['X-New', '1'], ...(edited.headers ?? []).slice(0, 1)];
    expect(withHeldSecrets({ ...edited, url, headers, body: '{}' }, chat)).toMatchObject({
      url: 'https://api.test/v1/other?n=2&api_key=in-query',
      headers: [
        ['X-New', '1'],
        ['Authorization', 'Bearer in-header'],
      ],
      body: '{}',
    });
  });

  test('go to no other origin: another host, port or scheme', () => {
    for (const origin of [
      'https://api.test.evil.test',
      'https://api.test:8443',
      'http://api.test',
      'https://x@evil.test',
    ])
      expect(() => withHeldSecrets({ ...edited, url: `${origin}/v1` }, chat)).toThrow(
        expect.objectContaining({ code: 'secrets-missing' }),
      );
  });

  test('go into no other field, and not into a body that was changed', () => {
    const headers: [string, string][] = [['X-Other', 'Bearer [redacted]']];
    for (const change of [{ headers }, { body: '{"model":"n","password":"[redacted]"}' }])
      expect(() => withHeldSecrets({ ...edited, ...change }, chat)).toThrow(
        expect.objectContaining({ code: 'secrets-missing' }),
      );
  });

  test('that are not held any more are asked for; a request without any needs none', () => {
    expect(() => withHeldSecrets(edited, null)).toThrow(expect.objectContaining({ code: 'secrets-missing' }));
    const plain: ConnectParams = { url: 'https://elsewhere.test/', client: 'raw' };
    expect(withHeldSecrets(plain, null)).toBe(plain);
  });
});
