import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { defaultCaptureLimits } from '../../../src/contract/capture-limits.ts';
import { redactHeaders, redactRecord } from '../../../src/core/capture/redact.ts';
import { redactUrl } from '../../../src/core/capture/redact-text.ts';
import { redirectOf } from '../../../src/main/client/redirect.ts';

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

  test('a secret with several parts in a note is redacted', () => {
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
