import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureHeader } from '../../../src/core/capture/record.ts';
import { redactHeader } from '../../../src/core/capture/redact.ts';

const header = (url: string, headers: [string, string][], body?: string): CaptureHeader => ({
  format: 'ssecap',
  version: 1,
  request: { method: 'POST', url, headers, client: 'raw', ...(body === undefined ? {} : { body }) },
  startedAt: '2026-01-02T03:04:05.678Z',
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
