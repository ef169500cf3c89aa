import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';
import { quantityText } from '../format/quantity.ts';

/** What went wrong with a capture, as the window says it. */
export interface Failure {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  /** The stable code of the error; null where there is none. */
  readonly code: string | null;
  /** The client's own words; null where the title says it all. */
  readonly cause: string | null;
  /** What to try; null where there is nothing to say. */
  readonly advice: string | null;
}

/** What to try, by error code: the error's own sentence says what happened. */
const adviceByCode: { readonly [code: string]: string } = {
  ECONNREFUSED: 'Is the server running, and on this port?',
  ENOTFOUND: 'Check the spelling of the host name, and the network or VPN that it is on.',
  EAI_AGAIN: 'Check the network, or a VPN that has its own name server.',
  ECONNRESET: 'The log of the server, or of a proxy between, may say why.',
  EPIPE: 'The server may have refused the request before it was whole: is the body too large?',
  ETIMEDOUT: 'A firewall may be dropping the packets.',
  CONNECT_TIMEOUT: 'A firewall may be dropping the packets, or the address is wrong.',
  EHOSTUNREACH: 'Check the network or VPN.',
  ENETUNREACH: 'Check the network or VPN.',
  EMPTY_RESPONSE: 'Is it https:// instead of http://? The log of the server may say why.',
  MALFORMED_RESPONSE: 'Is this the port of an HTTP server?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'If the server is yours, allow “Accept any certificate” under Headers.',
  SELF_SIGNED_CERT_IN_CHAIN: 'If the server is yours, allow “Accept any certificate” under Headers.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'If the server is yours, allow “Accept any certificate” under Headers.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Have the server send its whole certificate chain.',
  CERT_HAS_EXPIRED: 'The certificate must be renewed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Check the host name in the address.',
  BROWSER_REFUSED: 'The raw client shows what the server answers: is there an Access-Control-Allow-Origin?',
  BAD_PROXY: 'Check the variables HTTP_PROXY and HTTPS_PROXY.',
  PROXY_UNREACHABLE: 'Check the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY.',
  PROXY_REFUSED: 'Check the proxy’s rules, or exempt this host with NO_PROXY.',
  HEADER_TRUNCATED: 'The server may have crashed while it answered: its log may say why.',
  SWITCHING_PROTOCOLS: 'This address serves another protocol, WebSocket for example.',
  CAPTURE_SIZE_LIMIT: 'Raise the limit if the stream is meant to be this long.',
  CAPTURE_RATIO_LIMIT: 'Raise the limit if the content is meant to compress this well.',
  CONTENT_CHECKSUM: 'Something on the way changed the body. Try again with “Accept-Encoding: identity”.',
  CONTENT_DAMAGED: 'Something on the way changed the body. Try again with “Accept-Encoding: identity”.',
};

const adviceByStatus: { readonly [status: number]: string } = {
  401: 'The server wants credentials: add an Authorization header.',
  403: 'The credentials do not allow this, or the server refuses this client.',
  404: 'There is nothing at this path. Check the address.',
  405: 'The server does not take this method here. Streams of model APIs want POST.',
  406: 'The server cannot send what the Accept header asks for.',
  415: 'The server does not take this body: is the Content-Type header right?',
  422: 'The server understood the body but not what it asks for.',
  429: 'Too many requests. The response headers may say when to try again.',
};

/** What to tell of a capture that did not go well; null where it did, or where it still runs. */
export function failureOf(summary: CaptureSummary): Failure | null {
  const { end, status } = summary;
  if (status !== null && status >= 400) return badStatus(status);
  if (status === 204) return noContent;
  if (end === null) return null;
  const code = end.error?.code ?? null;
  const cause = end.error?.message ?? null;
  const after = end.at === null ? '' : ` after ${quantityText(end.at, 'ms')}`;
  switch (end.reason) {
    case 'complete':
    case 'aborted':
      return null;
    case 'premature-close':
      return {
        severity: 'error',
        title: `Cut off${after}`,
        code,
        cause,
        advice:
          'A proxy, a time limit of the platform or a crash of the server does this. What came before is kept.',
      };
    case 'timeout':
      return {
        severity: 'warning',
        title: `Given up${after}`,
        code,
        cause,
        advice:
          adviceByCode[code ?? ''] ??
          'A stream that pauses should send a comment now and then, as a sign of life.',
      };
    case 'error':
      return {
        severity: 'error',
        title: status === null ? 'Could not connect' : `The stream failed${after}`,
        code,
        cause,
        advice: adviceByCode[code ?? ''] ?? null,
      };
    default:
      return assertNever(end.reason);
  }
}

function badStatus(status: number): Failure {
  const advice =
    adviceByStatus[status] ??
    (status >= 500 ? 'The server failed. Its body, below, or its log may say why.' : null);
  return {
    severity: 'error',
    title: `The server answered with status ${status}`,
    code: null,
    cause: null,
    advice,
  };
}

const noContent: Failure = {
  severity: 'warning',
  title: 'The server answered 204: there is nothing to stream',
  code: null,
  cause: null,
  advice: 'With 204 a server tells an EventSource to stop reconnecting.',
};
