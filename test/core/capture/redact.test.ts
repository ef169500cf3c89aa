import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import { redactHeader, redactHeaders, redactRecord } from '../../../src/core/capture/redact.ts';
import { redactText, redactUrl } from '../../../src/core/capture/redact-text.ts';
import { ssecapRecordLine } from '../../../src/core/capture/ssecap-writer.ts';
import { arbitraryCapture } from './arbitrary-capture.ts';

const header = (url: string, headers: [string, string][], body?: string): CaptureHeader => ({
  format: 'ssecap',
  version: 1,
  request: { method: 'POST', url, headers, client: 'raw', ...(body === undefined ? {} : { body }) },
  startedAt: '2026-01-02T03:04:05.678Z',
});

describe('redaction', () => {
  test('header fields that carry secrets keep their name and, for Authorization, their scheme', () => {
    expect(
      redactHeaders([
        ['Authorization', 'Bearer s3cret'],
        ['authorization', 's3cret'],
        ['Proxy-Authorization', 'Basic s3cret=='],
        ['Cookie', 'a=s3cret; b=s3cret'],
        ['Set-Cookie', 'a=s3cret; Path=/'],
        ['x-api-key', 's3cret'],
        ['api-key', 's3cret'],
        ['X-Goog-Api-Key', 's3cret'],
        ['Ocp-Apim-Subscription-Key', 's3cret'],
        ['X-Auth-Token', 's3cret'],
        ['x-amz-security-token', 's3cret'],
        ['x-api-key', ''],
        ['Content-Type', 'text/event-stream'],
        ['x-ratelimit-remaining-tokens', '12'],
        ['WWW-Authenticate', 'Bearer error_description="no such token as this"'],
      ]),
    ).toEqual([
      ['Authorization', 'Bearer [redacted]'],
      ['authorization', '[redacted]'],
      ['Proxy-Authorization', 'Basic [redacted]'],
      ['Cookie', '[redacted]'],
      ['Set-Cookie', '[redacted]'],
      ['x-api-key', '[redacted]'],
      ['api-key', '[redacted]'],
      ['X-Goog-Api-Key', '[redacted]'],
      ['Ocp-Apim-Subscription-Key', '[redacted]'],
      ['X-Auth-Token', '[redacted]'],
      ['x-amz-security-token', '[redacted]'],
      ['x-api-key', ''],
      ['Content-Type', 'text/event-stream'],
      ['x-ratelimit-remaining-tokens', '12'],
      ['WWW-Authenticate', 'Bearer error_description="no such token as this"'],
    ]);
  });

  test.each([
    ['https://h/p?key=s3cret&model=x', 'https://h/p?key=[redacted]&model=x'],
    ['https://h/p?api_key=s3cret', 'https://h/p?api_key=[redacted]'],
    ['https://h/p?API-KEY=s3cret', 'https://h/p?API-KEY=[redacted]'],
    ['https://h/p?apikey=s3cret#top', 'https://h/p?apikey=[redacted]#top'],
    ['https://h/p?token=s3cret;s3cret', 'https://h/p?token=[redacted]'],
    ['https://h/p?a=1;token=s3cret', 'https://h/p?a=1;token=[redacted]'],
    ['https://h/p?access_token=s3cret', 'https://h/p?access_token=[redacted]'],
    ['https://h/p?a%70i_key=s3cret', 'https://h/p?a%70i_key=[redacted]'],
    ['https://h/p?sig=s3cret&code=s3cret', 'https://h/p?sig=[redacted]&code=[redacted]'],
    ['https://h/p?X-Amz-Signature=s3cret', 'https://h/p?X-Amz-Signature=[redacted]'],
    ['https://h/cb#access_token=s3cret&state=1', 'https://h/cb#access_token=[redacted]&state=1'],
    ['https://me:s3cret@h/p', 'https://[redacted]@h/p'],
    ['https://s3cret@h:80', 'https://[redacted]@h:80'],
    ['//me:s3cret@h/p@q', '//[redacted]@h/p@q'],
    ['/cb?code=s3cret', '/cb?code=[redacted]'],
    ['https://h/p?key=&q=a=b', 'https://h/p?key=&q=a=b'],
    ['https://h/@me?q=a@b', 'https://h/@me?q=a@b'],
    ['https://h/p?max_tokens=5&stop', 'https://h/p?max_tokens=5&stop'],
  ])('%s is kept as %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted);
    expect(redactUrl(redacted)).toBe(redacted);
  });

  test('secrets in free text are those of its URLs and its credentials', () => {
    expect(
      redactText('could not reach https://me:s3cret@h/?key=s3cret, got "Bearer s3cret-s3cret-s3cret"'),
    ).toBe('could not reach https://[redacted]@h/?key=[redacted] got "Bearer [redacted]"');
    expect(redactText('Basic authentication is needed')).toBe('Basic authentication is needed');
  });

  test('no secret stays in JSON that curl -d calls a form, or in a form that begins like JSON', () => {
    const sent = (body: string) =>
      redactHeader(header('http://h/', [['content-type', 'application/x-www-form-urlencoded']], body)).request
        .body;
    expect(sent('{"password":"s3cret","q":"a&token=b","n":1}')).toBe(
      '{"password":"[redacted]","q":"a&token=b","n":1}',
    );
    expect(sent('{a}=1&password=s3cret&b=2')).toBe('{a}=1&password=[redacted]&b=2');
  });

  test('no secret stays in the URL, Location, redirect notes, reconnections, errors or unknown members', () => {
    const secret = 's3cret-s3cret-s3cret';
    const url = `https://me:${secret}@h/p?api-key=${secret}&model=x`;
    const records: CaptureRecord[] = [
      {
        kind: 'response',
        at: 1,
        status: 302,
        headers: [['Location', `/next?token=${secret}`]],
        httpVersion: '',
        url,
      },
      {
        kind: 'note',
        at: 1,
        note: 'redirect',
        fields: { status: 302, from: url, to: `/next?code=${secret}` },
      },
      {
        kind: 'note',
        at: 1,
        note: 'later',
        fields: { deep: [{ Authorization: secret }, ['cookie', secret], { url }] },
      },
      {
        kind: 'note',
        at: 1,
        note: 'log',
        fields: { text: `sent Authorization: Bearer ${secret}`, code: 'E1' },
      },
      {
        kind: 'end',
        at: 1,
        reason: 'error',
        error: { code: 'ECONNREFUSED', message: `connect to ${url} failed` },
        extra: { token: secret },
      },
    ];
    for (const record of records) {
      const line = ssecapRecordLine(redactRecord(record));
      expect(line).not.toContain(secret);
      expect(line).toContain('[redacted]');
    }
    expect(ssecapRecordLine(redactRecord(records[3] as CaptureRecord))).toContain('"code":"E1"');
    const form = header(
      url,
      [['content-type', 'application/x-www-form-urlencoded']],
      `client_secret=${secret}&a=1`,
    );
    expect(redactHeader(form).request).toMatchObject({
      url: 'https://[redacted]@h/p?api-key=[redacted]&model=x',
      body: 'client_secret=[redacted]&a=1',
    });
  });

  test('bodies are never touched', () => {
    const chunk: CaptureRecord = {
      kind: 'chunk',
      at: 1,
      read: 0,
      wireBytes: 1,
      bytes: new Uint8Array([1, 2]),
    };
    expect(redactRecord(chunk)).toBe(chunk);
    const json = header('https://h/', [['content-type', 'application/json']], '{"q":"a&key=b"}');
    expect(redactHeader(json)).toEqual(json);
  });

  test('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ak?&=#;:/@[]%'), 'key', 'token', '//', 'Bearer ') }),
        (text) => {
          expect(redactUrl(redactUrl(text))).toBe(redactUrl(text));
          expect(redactText(redactText(text))).toBe(redactText(text));
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(arbitraryCapture, (capture) => {
        const once = capture.records.map(redactRecord);
        expect(once.map(redactRecord)).toEqual(once);
        expect(redactHeader(redactHeader(capture.header))).toEqual(redactHeader(capture.header));
      }),
    );
  });
});

test('the parameters of a relative URL in a text are redacted too', () => {
  expect(redactText('</next?page=2&access_token=s3cret>; rel="next"')).toBe(
    '</next?page=2&access_token=[redacted]>; rel="next"',
  );
  expect(redactText('what? yes & no; a=b')).toBe('what? yes & no; a=b');
});
