import { stringMember } from '../../json/json-value.ts';
import { mediaType } from '../../headers.ts';
import { redactUrl } from '../../capture/redact-text.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import type { DiagnosisInput } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { isCorsRefusal } from './browser.ts';

const connectionFailed: Rule = {
  code: 'connection-failed',
  rung: 1,
  severity: 'error',
  known: 'The client cannot connect.',
  recognised: 'The capture ended with an error or a time-out, and no response came.',
  advice:
    'Check the address and the port, and that the server is running. The error names the step that failed.',
  test(diagnosed) {
    const { request, facts } = diagnosed;
    const { response, end } = facts;
    if (response !== null || end === null || end.reason === 'complete' || end.reason === 'aborted')
      return null;
    // The server may be fine: rung 2 reports the refusal.
    if (isCorsRefusal(diagnosed)) return null;
    const error = end.error?.message ?? null;
    const observation = {
      message: error === null ? 'No response came.' : /[.!?]$/.test(error) ? error : `${error}.`,
      evidence: [{ kind: 'end', reason: end.reason, error }],
    } as const;
    // The browser may have refused the response; that would belong to rung 2.
    if (request.client === 'browser')
      return {
        ...observation,
        advice:
          'Open the URL with client raw: if that works, the browser refused the response, and the server runs.',
      };
    return observation;
  },
};

/** [spec] HTML §9.2.3: any status other than 200 fails the connection; 204 tells a client to stop. */
const httpStatus: Rule = {
  code: 'http-status',
  rung: 1,
  severity: 'error',
  known: 'The server answers with an error page, or EventSource gives up at once.',
  recognised:
    'The status is not 200. Not reported for a 204 that ends a reconnection, nor for another 2xx if the method is not GET, ' +
    'because fetch() accepts those. Info for a 204 to the first request, a warning for another 2xx to a GET.',
  advice: 'Read the body: it usually says why. EventSource gives up on every status but 200.',
  test({ request, facts: { response, reconnections } }) {
    if (response === null || response.status === 200) return null;
    const { status } = response;
    if (status === 204 && reconnections.count > 0) return null;
    if (isSuccess(status) && status !== 204 && request.method !== 'GET') return null;
    return {
      message: `The server answered with status ${status}.`,
      evidence: [{ kind: 'status', status }],
      severity: status === 204 ? 'info' : isSuccess(status) ? 'warning' : 'error',
      ...(status === 204
        ? {
            advice: 'A 204 tells EventSource to stop and not to reconnect. Send 200 if there is a stream.',
          }
        : {}),
    };
  },
};

/** [spec] HTML §9.2.3: a Content-Type that is not text/event-stream fails the connection. JSON lines are not an event stream. */
const wrongContentType: Rule = {
  code: 'wrong-content-type',
  rung: 1,
  severity: 'error',
  known: 'EventSource’s response has a MIME type that is not "text/event-stream".',
  recognised:
    'Events were dispatched from a 2xx response whose Content-Type is not text/event-stream. Not reported for JSON lines.',
  advice: "Send Content-Type: text/event-stream. A browser's EventSource refuses anything else.",
  test({ facts }) {
    const { response, framing, bodyEvents } = facts;
    if (response === null || !isSuccess(response.status) || bodyEvents === 0 || framing === 'ndjson')
      return null;
    const value = facts.header('content-type') ?? '';
    if (mediaType(value) === 'text/event-stream') return null;
    return {
      message:
        value === '' ? 'The response has no Content-Type.' : `The response's Content-Type is ${value}.`,
      evidence: [{ kind: 'header', name: 'content-type', value }],
    };
  },
};

const bodyNotSse: Rule = {
  code: 'body-not-sse',
  rung: 1,
  severity: 'error',
  known: 'A JSON array or an HTML page comes instead of a stream.',
  recognised:
    'A 2xx response ended without an event, its Content-Type is not text/event-stream, and its body begins like JSON, HTML or XML.',
  advice:
    'Ask for a stream: many APIs need "stream": true in the body, another path, or a query such as alt=sse.',
  test({ facts }) {
    if (!isOtherBody(facts)) return null;
    const value = facts.header('content-type') ?? '';
    const what = bodyKind(facts.start);
    return {
      message: `The body is ${what ?? 'not an event stream'}: ${facts.bytes} bytes came and no event.`,
      evidence: [
        { kind: 'bytes', start: 0, end: Math.min(facts.bytes, facts.start.length) },
        { kind: 'header', name: 'content-type', value },
      ],
    };
  },
};

const redirected: Rule = {
  code: 'redirected',
  rung: 1,
  severity: 'info',
  known: 'The request arrives as a GET without its body, or without its API key.',
  recognised: 'The request was redirected. A warning if that changed its method or dropped its credentials.',
  advice:
    'Send the request to the final URL: a redirect costs a round trip, and clients differ in which headers they send again.',
  test({ request, facts: { redirects } }) {
    const [first] = redirects;
    if (first === undefined) return null;
    const evidence = redirects
      .slice(0, 5)
      .map(({ fields }) => ({ kind: 'url', url: redactUrl(stringMember(fields, 'to') ?? '') }) as const);
    const dropped = redirects.some(({ fields }) => fields['credentialsDropped'] === true);
    // [spec] Fetch, HTTP-redirect fetch: 301 and 302 turn a POST into a GET, 303 everything but HEAD.
    const changed = redirects.some(({ fields: { status } }) =>
      status === 303
        ? request.method !== 'GET'
        : (status === 301 || status === 302) && request.method === 'POST',
    );
    const times = redirects.length === 1 ? 'once' : `${redirects.length} times`;
    const effect = [
      changed ? `the ${request.method} became a GET without its body` : '',
      dropped ? 'the credentials were not sent on to the other origin' : '',
    ].filter((text) => text !== '');
    return {
      message: `The request was redirected ${times}${effect.length === 0 ? '' : `: ${effect.join(', and ')}`}.`,
      evidence,
      severity: effect.length === 0 ? 'info' : 'warning',
    };
  },
};

const contentEncoded: Rule = {
  code: 'content-encoded',
  rung: 1,
  severity: 'info',
  known: 'The stream is compressed.',
  recognised:
    'The body is compressed (Content-Encoding). Info, because it works if each event is flushed; rung 4 reports if it is not. An ' +
    'error if the coding cannot be decoded.',
  advice: 'Flush the compressor after each event, or do not compress event streams.',
  test({ facts }) {
    const { undecoded } = facts;
    const value = facts.header('content-encoding') ?? '';
    if (undecoded !== null) {
      return {
        message: `The body has the content coding "${undecoded}", which cannot be decoded here, so its events cannot be read.`,
        evidence: [{ kind: 'header', name: 'content-encoding', value: value === '' ? undecoded : value }],
        severity: 'error',
        advice:
          'Send the body with a coding that the request’s Accept-Encoding allows, or with none. "Accept-Encoding: identity" asks for none.',
      };
    }
    if (facts.coding === null || facts.bytes === 0) return null;
    return {
      message: `The body is coded with ${value}: ${facts.wireBytes} bytes on the wire became ${facts.bytes}.`,
      evidence: [{ kind: 'header', name: 'content-encoding', value }],
    };
  },
};

const bytesAfterBody: Rule = {
  code: 'bytes-after-body',
  rung: 1,
  severity: 'warning',
  known: 'The next response on the connection fails, or the end of the stream is missing.',
  recognised: 'Bytes came after the end that Content-Length gives, or after the end of the compressed data.',
  causes: ['The server or a proxy adds data to a body that has already ended.'],
  advice: 'Send the right Content-Length or none, and end the compressed data only once.',
  test({ facts: { excess, end, bytes } }) {
    if (excess === null) return null;
    return {
      message: excess,
      evidence: [
        { kind: 'bytes', start: bytes, end: bytes },
        { kind: 'end', reason: end?.reason ?? 'complete', error: end?.error?.message ?? null },
      ],
    };
  },
};

const cacheableResponse: Rule = {
  code: 'cacheable-response',
  rung: 1,
  severity: 'warning',
  known: 'A proxy or a browser replays an old stream.',
  recognised:
    'Cache-Control allows caches to store the response: it has max-age or s-maxage above 0, or public, and none of ' +
    'no-store, no-cache and private.',
  advice: 'Send Cache-Control: no-cache (or no-store) with event streams.',
  test({ facts }) {
    const value = facts.header('cache-control');
    if (value === null || facts.response?.status !== 200 || facts.events === 0) return null;
    // [spec] RFC 9111 §5.2.2.
    if (/(^|[\s,])(no-store|no-cache|private)\b/i.test(value)) return null;
    const age =
      /(^|[\s,])s-maxage\s*=\s*"?(\d+)/i.exec(value) ?? /(^|[\s,])max-age\s*=\s*"?(\d+)/i.exec(value);
    const isPublic = /(^|[\s,])public\b/i.test(value);
    if (age === null ? !isPublic : Number(age[2]) === 0) return null;
    return {
      message: `Cache-Control is ${value}: a cache may answer the next request with this stream.`,
      evidence: [{ kind: 'header', name: 'cache-control', value }],
    };
  },
};

/** The rules of rung 1: the server sends an event stream at all. */
export const endpointRules: readonly Rule[] = [
  connectionFailed,
  httpStatus,
  wrongContentType,
  bodyNotSse,
  redirected,
  contentEncoded,
  bytesAfterBody,
  cacheableResponse,
];

/** Whether bytes came but no event, in a body that does not claim to be an event stream. */
export function isOtherBody(facts: DiagnosisInput['facts']): boolean {
  const { response, framing, events, bytes, end, start } = facts;
  if (response === null || !isSuccess(response.status) || end === null || facts.undecoded !== null)
    return false;
  if (events > 0 || bytes === 0 || framing === 'ndjson') return false;
  return mediaType(facts.header('content-type') ?? '') !== 'text/event-stream' && bodyKind(start) !== null;
}

/** Whether a status means success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function bodyKind(start: Uint8Array): string | null {
  const text = decodeUtf8(start).trimStart();
  if (/^\[\s*[{[]/.test(text)) return 'a JSON array';
  if (/^\{\s*"/.test(text)) return 'one JSON text';
  if (/^<(!doctype|html|head|body)/i.test(text)) return 'an HTML page';
  if (/^<\?xml/i.test(text)) return 'an XML text';
  return null;
}
