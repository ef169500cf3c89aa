import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';
import { quantityText } from '../format/quantity.ts';

/** A failed capture, explained to the user. */
export interface Failure {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  /** The stable code of the error; null if there is none. */
  readonly code: string | null;
  /** The message of the error; null if there is none. */
  readonly cause: string | null;
  /** What to try; null if there is no advice. */
  readonly advice: string | null;
}

/** Advice by error code. The message of the error explains what happened. */
const adviceByCode: { readonly [code: string]: string } = {
  ECONNREFUSED: 'Is the server running, and on this port?',
  ENOTFOUND: 'Check the spelling of the host name, and the network or VPN that it is on.',
  EAI_AGAIN: 'Check the network, or a VPN that has its own name server.',
  ECONNRESET: 'The log of the server, or of a proxy in between, may say why.',
  EPIPE: 'The server may have rejected the request before all of it was sent. Is the body too large?',
  ETIMEDOUT: 'A firewall may be dropping the packets.',
  CONNECT_TIMEOUT: 'A firewall may be dropping the packets, or the address is wrong.',
  EHOSTUNREACH: 'Check the network or VPN.',
  ENETUNREACH: 'Check the network or VPN.',
  EMPTY_RESPONSE: 'Should the URL begin with https:// instead of http://? The log of the server may say why.',
  MALFORMED_RESPONSE: 'Is this the port of an HTTP server?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'If the server is yours, allow “Accept any certificate” under Headers.',
  SELF_SIGNED_CERT_IN_CHAIN: 'If the server is yours, allow “Accept any certificate” under Headers.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'If the server is yours, allow “Accept any certificate” under Headers.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The server must send its whole certificate chain.',
  CERT_HAS_EXPIRED: 'The certificate must be renewed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Check the host name in the URL.',
  BROWSER_REFUSED:
    'Use the raw client to see the response. Does it have an Access-Control-Allow-Origin header?',
  BAD_PROXY: 'Check the environment variables HTTP_PROXY and HTTPS_PROXY.',
  PROXY_UNREACHABLE: 'Check the environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY.',
  PROXY_REFUSED: 'Check the rules of the proxy, or exempt this host with NO_PROXY.',
  HEADER_TRUNCATED: 'The server may have crashed while it sent the response. Its log may say why.',
  SWITCHING_PROTOCOLS: 'This URL serves another protocol, for example WebSocket.',
  CAPTURE_SIZE_LIMIT: 'Raise the limit if the stream is meant to be this long.',
  CAPTURE_RATIO_LIMIT: 'Raise the limit if the content is meant to compress this well.',
  CONTENT_CHECKSUM:
    'Something between the server and this application changed the body. Try again with “Accept-Encoding: identity”.',
  CONTENT_DAMAGED:
    'Something between the server and this application changed the body. Try again with “Accept-Encoding: identity”.',
};

const adviceByStatus: { readonly [status: number]: string } = {
  401: 'The server requires credentials: add an Authorization header.',
  403: 'The credentials do not allow this, or the server refuses this client.',
  404: 'There is nothing at this path. Check the URL.',
  405: 'The server does not allow this method here. Model APIs require POST for streams.',
  406: 'The server cannot send what the Accept header asks for.',
  415: 'The server does not accept this body. Is the Content-Type header right?',
  422: 'The server can read the body but rejects its content.',
  429: 'Too many requests. The response headers may say when to try again.',
};

/** The failure of a capture; null if it is still running, was stopped or completed. */
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
          'A proxy, a time limit of the platform or a crash of the server can cause this. What arrived before is kept.',
      };
    case 'timeout':
      return {
        severity: 'warning',
        title: `Given up${after}`,
        code,
        cause,
        advice:
          adviceByCode[code ?? ''] ??
          'A stream that pauses should send a comment from time to time as a heartbeat.',
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
    (status >= 500 ? 'The server failed. The body below or the log of the server may say why.' : null);
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
  title: 'The server answered with status 204: there is nothing to stream',
  code: null,
  cause: null,
  advice: 'Status 204 tells an EventSource to stop reconnecting.',
};
