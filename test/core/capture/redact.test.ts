import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import { defaultCaptureLimits } from '../../../src/contract/capture-limits.ts';
import { redactHeader, redactHeaders, redactRecord } from '../../../src/core/capture/redact.ts';
import { redactText, redactUrl } from '../../../src/core/capture/redact-text.ts';
import { ssecapRecordLine } from '../../../src/core/capture/ssecap-writer.ts';
import { redirectOf } from '../../../src/main/client/redirect.ts';
import { arbitraryCapture } from './arbitrary-capture.ts';

const headersRequest = (headers: [string, string][]): Parameters<typeof redirectOf>[0] => ({
  url: new URL('http://first.test/'),
  method: 'GET',
  headers,
  body: null,
  insecure: false,
  reconnect: false,
  idleTimeout: null,
  limits: defaultCaptureLimits,
});

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

describe('a JSON body', () => {
  const redacted = (body: string) => redactHeader(header('http://a/', [], body)).request.body;

  test.each([
    ['{"api_key":"s3cret","model":"x"}', '{"api_key":"[redacted]","model":"x"}'],
    [
      '{ "a" : [ { "Password" :\n"s3\\"cret" } ] , "n": 1.0 }',
      '{ "a" : [ { "Password" :\n"[redacted]" } ] , "n": 1.0 }',
    ],
    ['{"api\\u005fkey":"s3cret"}', '{"api\\u005fkey":"[redacted]"}'],
    [
      '[{"access_token":"s3cret"},{"clientSecret":"s3cret"}]',
      '[{"access_token":"[redacted]"},{"clientSecret":"[redacted]"}]',
    ],
    ['{"headers":{"Authorization":"Bearer s3cret"}}', '{"headers":{"Authorization":"[redacted]"}}'],
    ['{"password":"s3cret', '{"password":"[redacted]'],
    ['{"password":"s3cret\\"', '{"password":"[redacted]'],
    [
      '{"credentials":{"user":"me","pass":"s3cret"}}',
      '{"credentials":{"user":"[redacted]","pass":"[redacted]"}}',
    ],
    ['{"auth":{"user":"me","pass":"s3cret"},"b":"c"}', '{"auth":{"user":"me","pass":"[redacted]"},"b":"c"}'],
    ['{"token":{"value":"s3cret","n":1},"b":"c"}', '{"token":{"value":"[redacted]","n":1},"b":"c"}'],
    [
      '{"api_keys":["s3cret",["s3cret"],{"a":"s3cret"}],"b":"c"}',
      '{"api_keys":["[redacted]",["[redacted]"],{"a":"[redacted]"}],"b":"c"}',
    ],
    ['["https://me:s3cret@h/?key=s3cret&a=1","b"]', '["https://[redacted]@h/?key=[redacted]&a=1","b"]'],
    ['{"u":"https:\\/\\/h\\/?sid=s3cret"}', '{"u":"https://h/?sid=[redacted]"}'],
    ['{"u":"see https://h/?key=s3cret\\nnext line"}', '{"u":"see https://h/?key=[redacted]\\nnext line"}'],
    ['{"x":"Bearer s3cret-of-mine"}', '{"x":"Bearer [redacted]"}'],
    [
      '{"x":"Authorization: Bearer s3cret","y":"Basic bWU6czNjcmV0"}',
      '{"x":"Authorization: Bearer [redacted]","y":"Basic [redacted]"}',
    ],
    ['{"x":"\\u0042earer s3cret"}', '{"x":"Bearer [redacted]"}'],
    [
      '{"headers":{"X-DeepL-Key":"s3cret","Accept":"a"}}',
      '{"headers":{"X-DeepL-Key":"[redacted]","Accept":"a"}}',
    ],
    [
      '{"headers":[["X-Some-Key","s3cret"],["Accept","a"]]}',
      '{"headers":[["X-Some-Key","[redacted]"],["Accept","a"]]}',
    ],
    [
      '{"headers":[{"name":"X-Some-Key","value":"s3cret"},{"name":"Accept","value":"a"}]}',
      '{"headers":[{"name":"X-Some-Key","value":"[redacted]"},{"name":"Accept","value":"a"}]}',
    ],
    [
      '{"tools":[{"type":"mcp","authorization":"s3cret","server_url":"https://h/?token=s3cret"}]}',
      '{"tools":[{"type":"mcp","authorization":"[redacted]","server_url":"https://h/?token=[redacted]"}]}',
    ],
    [
      '{"client_secret":{"value":"s3cret","expires_at":1}}',
      '{"client_secret":{"value":"[redacted]","expires_at":1}}',
    ],
  ])('loses the secrets of %s and nothing else', (body, expected) => {
    expect(redacted(body)).toBe(expected);
    expect(redacted(expected)).toBe(expected);
  });

  test.each([
    ['{"max_tokens":5,"token":7,"api_key":null,"password":""}'],
    ['{"messages":[{"role":"user","content":"my \\"password\\": \\"x\\""}]}'],
    ['{"thinking":{"signature":"EqQB"},"page_token":"abc","eos_token":"</s>","key":"Enter"}'],
    ['{"a":["password","x"],"b":"password"}'],
    ['password: not JSON, "password": "x"'],
    ['{"max_tokens":5,"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}'],
    ['{"logprobs":{"content":[{"token":"Hi","logprob":-1,"top_logprobs":[{"token":"Ho"}]}]}}'],
    ['{"logprobs":{"tokens":["Hi"],"text_offset":[0]},"finish_reason":"stop","token":5,"tokens":["a"]}'],
    ['{"prompt_cache_key":"a","idempotency_key":"b","sort_key":"c","public_key":"d","metric_key":"e"}'],
    ['{"parameters":{"type":"object","properties":{"password":{"type":"string","description":"x"}}}}'],
    ['{"content":"Bearer bonds, bearer instruments, Basic authentication, Basic responsibilities"}'],
    ['{"content":"see https://h/?page=2#top","allowedHeaders":["Authorization","Accept"]}'],
    ['{"type":"session.update","session":{"voice":"alloy","token_type":"bearer"}}'],
    ['{"next_page_token":"abc","ticket":"ABC-1","tool_choice":"auto","safety_identifier":"u"}'],
  ])('stays as it is where it holds none: %s', (body) => {
    expect(redacted(body)).toBe(body);
  });

  test.each([
    '"',
    '[',
    '{"a":',
    '["a-',
    'a-a+',
    'Bearer ',
    'a://',
    '"a://?',
    '\\',
    ';=',
    '"token":[',
    '[["headers":',
  ])('that repeats %s 200,000 times is gone through once', (piece) => {
    for (const opening of ['[', '{"headers":["']) {
      const body = opening + piece.repeat(200_000);
      expect(redacted(body)?.slice(0, 1)).toBe(body[0]);
    }
  });

  test('redacted twice is redacted once, and stays JSON', () => {
    const names = fc.constantFrom(
      'a',
      'token',
      'headers',
      'password',
      'logprobs',
      'properties',
      'name',
      'value',
      '',
    );
    const texts = fc.constantFrom(
      '',
      'x"\\',
      'Bearer s3cret',
      'https://a:b@h/?key=c',
      'X-Key',
      '\u2028',
      'token',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        texts,
        fc.integer(),
        fc.array(tie('json')),
        fc.dictionary(names, tie('json')),
      ),
    }));
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 3 }), fc.nat(), (value, space, cut) => {
        const body = JSON.stringify([value], null, space);
        const once = redacted(body) ?? '';
        expect(redacted(once)).toBe(once);
        expect(JSON.parse(once)).toBeInstanceOf(Array);
        expect(once).not.toContain('s3cret');
        const part = redacted(body.slice(0, (cut % body.length) + 1)) ?? '';
        expect(redacted(part)).toBe(part);
      }),
      { numRuns: 2000 },
    );
  });

  test('of any size is gone through once', () => {
    const body = `{"a":"${'\\\\'.repeat(2_000_000)}",${' '.repeat(2_000_000)}"password":"x"}`;
    expect(redacted(body)).toBe(body.replace('"x"', '"[redacted]"'));
  });
});

describe('names of secrets', () => {
  test.each(
    (
      'Authorization Proxy-Authorization X-Authorization X-Serverless-Authorization X-Forwarded-Authorization Authentication ' +
      'X-Authentication Helicone-Auth X-Auth X-Sentry-Auth Cookie Cookie2 Set-Cookie X-Api-Key X-API-KEY Api-Key ApiKey xi-api-key ' +
      'DD-API-KEY DD-APPLICATION-KEY X-DeepL-Key X-Consumer-Key X-Write-Key X-Service-Key X-Key X-Auth-Key X-Functions-Key ' +
      'X-RapidAPI-Key X-Parse-REST-API-Key X-Parse-Master-Key X-MBX-APIKEY X-License-Key X-Portkey-Virtual-Key ' +
      'x-amz-server-side-encryption-customer-key Ocp-Apim-Subscription-Key X-Goog-Api-Key X-JWT X-JWT-Assertion ' +
      'CF-Access-Jwt-Assertion X-Session X-Session-Id Mcp-Session-Id X-SessionToken X-Auth-Token X-Access-Token PRIVATE-TOKEN ' +
      'X-Vault-Token X-TrackerToken X-CSRF-Token X-Amz-Security-Token X-ID-Token X-Client-Secret X-Shared-Secret X-Password ' +
      'X-Passwd X-Pwd X-Passphrase X-Passcode X-User-Pass X-Credential X-Credentials X-Hub-Signature-256 Stripe-Signature ' +
      'X-Hmac X-Ticket X-OTP X-Bearer DPoP X-WSSE X-Amzn-Oidc-Data X-PAT X-Access-Tokens'
    ).split(' '),
  )('a header field %s is redacted, and is not sent to another origin', (name) => {
    expect(redactHeaders([[name, 's3cret']])).toEqual([[name, '[redacted]']]);
    const request = headersRequest([[name, 's3cret']]);
    const decision = redirectOf(request, 307, [['location', 'http://other.test/']], 0);
    expect(decision).toMatchObject({ kind: 'follow', credentialsDropped: true, request: { headers: [] } });
  });

  test.each(
    (
      'Accept Content-Type Cache-Control Idempotency-Key Surrogate-Key Sec-WebSocket-Key X-Cache-Key Partition-Key ' +
      'Access-Control-Allow-Credentials X-Request-Id X-RateLimit-Remaining-Tokens anthropic-ratelimit-tokens-limit ' +
      'OpenAI-Organization OpenAI-Processing-Ms WWW-Authenticate Authentication-Info X-Bypass X-Compass X-Monkey ' +
      'ETag Server Last-Event-ID traceparent X-Accel-Buffering Keep-Alive Token-Count X-SSID anthropic-version'
    ).split(' '),
  )('a header field %s stays', (name) => {
    expect(redactHeaders([[name, 'value']])).toEqual([[name, 'value']]);
  });

  test.each(
    (
      'key api_key sid connect.sid PHPSESSID JSESSIONID ASP.NET_SessionId pass password pwd assertion client_assertion ticket ' +
      'jwt token id_token access_token2 sig code X-Amz-Credential X-Goog-Signature auth hmac userPass session'
    ).split(' '),
  )('a parameter %s is redacted', (name) => {
    expect(redactUrl(`https://h/?a=1&${name}=s3cret`)).toBe(`https://h/?a=1&${name}=[redacted]`);
  });

  test.each('model max_tokens page q bypass compass monkey state nonce author tokens sort_key'.split(' '))(
    'a parameter %s stays',
    (name) => {
      expect(redactUrl(`https://h/?${name}=value`)).toBe(`https://h/?${name}=value`);
    },
  );

  test('a credential in any other header field is redacted', () => {
    expect(
      redactHeaders([
        ['X-Upstream', 'Bearer s3cret'],
        ['X-Plan', 'Basic plan'],
      ]),
    ).toEqual([
      ['X-Upstream', 'Bearer [redacted]'],
      ['X-Plan', 'Basic plan'],
    ]);
  });

  test('a member of a note that is a secret of several parts is redacted', () => {
    const note: CaptureRecord = {
      kind: 'note',
      at: 1,
      note: 'later',
      fields: {
        credentials: { user: 'me', pass: 's3cret', n: 1 },
        tokens: ['a'],
        list: { api_keys: ['s3cret'] },
      },
    };
    expect(redactRecord(note)).toMatchObject({
      fields: {
        credentials: { user: '[redacted]', pass: '[redacted]', n: 1 },
        tokens: ['a'],
        list: { api_keys: ['[redacted]'] },
      },
    });
  });
});

test('the parameters of a relative URL in a text are redacted too', () => {
  expect(redactText('</next?page=2&access_token=s3cret>; rel="next"')).toBe(
    '</next?page=2&access_token=[redacted]>; rel="next"',
  );
  expect(redactText('what? yes & no; a=b')).toBe('what? yes & no; a=b');
});
