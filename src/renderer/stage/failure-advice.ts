import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';
import { quantityText } from '../timeline/axis-quantity.ts';

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

/** What to try, by error code. */
const adviceByCode: { readonly [code: string]: string } = {
  ECONNREFUSED: 'Nothing listens there. Is the server running, and on this port?',
  ENOTFOUND: 'Nobody knows this host name. Check its spelling, and the network or VPN that it is on.',
  EAI_AGAIN: 'The name server does not answer. Check the network.',
  ECONNRESET: 'The other side, or a proxy between, broke the connection. Its log may say why.',
  EPIPE: 'The other side closed the connection while the request was being sent.',
  ETIMEDOUT: 'No answer from the other side. A firewall may be dropping the packets.',
  UND_ERR_CONNECT_TIMEOUT: 'No answer from the other side. A firewall may be dropping the packets.',
  EHOSTUNREACH: 'There is no way to this host from here. Check the network or VPN.',
  ENETUNREACH: 'There is no way to this network from here. Check the network or VPN.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate is self-signed. If the server is yours, allow “Accept any certificate” in the options.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'A self-signed certificate is in the chain. If the server is yours, allow “Accept any certificate” in the options.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The server does not send its whole certificate chain. Have it send the intermediate certificate.',
  CERT_HAS_EXPIRED: 'The server’s certificate has expired and must be renewed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name. Check the address.',
  EPROTO: 'The two sides could not agree on TLS. Is it http:// instead of https://?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'This port does not speak TLS. Try http:// instead of https://.',
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
        title: `The connection was cut${after}, before the response was complete`,
        code,
        cause,
        advice:
          'A proxy, a time limit of the platform or a crash of the server does this. What came before it is kept.',
      };
    case 'timeout':
      return {
        severity: 'warning',
        title: `Given up${after}: the server had been silent for too long`,
        code,
        cause,
        advice: 'A stream that pauses should send a comment now and then, as a sign of life.',
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
