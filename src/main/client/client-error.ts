import type { CaptureError, EndReason } from '../../core/capture/record.ts';

/** How a connection, or a whole stream, ended. */
export interface Ending {
  readonly reason: EndReason;
  readonly error?: CaptureError;
}

/** An error that this program detected itself, with a stable code and a message for the user. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How far a request had got when it failed. */
export interface FailureContext {
  readonly url: URL;
  /** Response headers were received. */
  readonly responded: boolean;
  /** The server's first bytes, where it sent any. */
  readonly sample: Buffer | null;
  /** Interim responses received. */
  readonly interim: number;
  /** Bytes received of an incomplete response head. */
  readonly unfinishedHead: number;
}

/** Explains the error codes of Node, OpenSSL and undici to a user who debugs an endpoint. */
const MEANINGS: { readonly [code: string]: (url: URL) => string } = {
  ENOTFOUND: (url) => `The name ${url.hostname} does not exist in DNS.`,
  EAI_AGAIN: (url) =>
    `The name ${url.hostname} could not be looked up: no name server responded. Check the network connection.`,
  ECONNREFUSED: (url) => `${url.host} refused the connection: no server is listening on that port.`,
  ECONNRESET: (url) => `${url.host} reset the connection.`,
  EPIPE: (url) => `${url.host} closed the connection while the request was being sent.`,
  ETIMEDOUT: (url) => `${url.host} did not respond: connecting timed out.`,
  EHOSTUNREACH: (url) => `There is no route to ${url.hostname}.`,
  ENETUNREACH: (url) => `The network of ${url.hostname} cannot be reached from here.`,
  EADDRNOTAVAIL: (url) => `${url.host} is not a valid address for a connection.`,
  EACCES: (url) => `The operating system does not allow connecting to ${url.host}.`,
  CERT_HAS_EXPIRED: (url) => `The certificate of ${url.hostname} has expired.`,
  CERT_NOT_YET_VALID: (url) =>
    `The certificate of ${url.hostname} is not valid yet. Check the clock of this computer.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (url) =>
    `The certificate of ${url.hostname} is self-signed. Allow it for this connection if that is intended.`,
  SELF_SIGNED_CERT_IN_CHAIN: (url) =>
    `The certificate of ${url.hostname} was issued by an authority that this computer does not trust.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (url) =>
    `The certificate of ${url.hostname} cannot be verified: the server does not send the intermediate certificates.`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (url) =>
    `The certificate of ${url.hostname} was issued by an authority that this computer does not trust.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (url) => `The certificate of ${url.host} is for another name.`,
  ERR_SSL_WRONG_VERSION_NUMBER: (url) =>
    `${url.host} does not speak TLS on that port. Try http:// instead of https://.`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (url) =>
    `${url.host} does not speak TLS on that port. Try http:// instead of https://.`,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: (url) => `${url.host} does not speak HTTP/1.1 over TLS.`,
  UND_ERR_HEADERS_OVERFLOW: (url) => `The response headers of ${url.host} are too large.`,
};

/** undici drops llhttp's error codes and keeps its messages. */
const INVALID_EOF = 'INVALID_EOF';
const MALFORMED = 'MALFORMED_RESPONSE';
/** undici's code for a body that is too short, and for any parse error in a head with Content-Length. */
const LENGTH_MISMATCH = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** Codes that mean that the connection was lost before the end of the body. */
const CLOSED_EARLY = new Set([
  'UND_ERR_SOCKET',
  LENGTH_MISMATCH,
  INVALID_EOF,
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

/** End reasons of our own errors, where it is not `error`. */
const OWN_REASONS: { readonly [code: string]: EndReason } = {
  CONNECT_TIMEOUT: 'timeout',
  CONTENT_TRUNCATED: 'premature-close',
};

/** Codes for which a retry is futile: the request, the name or the certificate is wrong. */
const FUTILE =
  /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|REDIRECT_|TOO_MANY_REDIRECTS|BAD_PROXY|PROXY_REFUSED|SINK_FAILED)/;

/** Whether a reconnection would fail in the same way. */
export function isFutile(error: CaptureError | undefined): boolean {
  return error !== undefined && FUTILE.test(error.code);
}

/** The stable code of any error: from Node, OpenSSL, undici or this program. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return error.message.includes('EOF state') ? INVALID_EOF : MALFORMED;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'UNKNOWN';
}

/** The ending of a connection that failed with an error. */
export function endingOf(error: unknown, context: FailureContext): Ending {
  const code = codeOf(error);
  if (error instanceof ClientError) {
    return { reason: OWN_REASONS[code] ?? 'error', error: { code, message: error.message } };
  }
  if (code === MALFORMED || (code === LENGTH_MISMATCH && !context.responded)) {
    return { reason: 'error', error: { code: MALFORMED, message: notHttp(error, context) } };
  }
  if (CLOSED_EARLY.has(code)) {
    if (context.responded) return { reason: 'premature-close', error: earlyClose(code, context) };
    const unanswered = withoutAnswer(code, context);
    if (unanswered !== null) return { reason: 'error', error: unanswered };
  }
  const own = reasonOf(error);
  const meaning = MEANINGS[code]?.(context.url) ?? `The connection to ${context.url.host} failed.`;
  return {
    reason: 'error',
    error: { code, message: own === '' ? meaning : `${meaning} (${firstLine(own)})` },
  };
}

/** The message of an error. OpenSSL's messages contain a short reason among numbers and file names. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

/** Describes a connection that was lost before the final response; null if the code is enough. */
function withoutAnswer(code: string, { url, interim, unfinishedHead }: FailureContext): CaptureError | null {
  const did = code === 'ECONNRESET' ? 'reset the connection' : 'closed the connection';
  if (unfinishedHead > 0) {
    const message = `${url.host} ${did} in the middle of the response header, after ${unfinishedHead} ${unfinishedHead === 1 ? 'byte' : 'bytes'}.`;
    return { code: 'HEADER_TRUNCATED', message };
  }
  if (interim > 0) {
    const message = `${url.host} ${did} after ${interim === 1 ? 'an interim response' : `${interim} interim responses`}, without a final one.`;
    return { code: 'EMPTY_RESPONSE', message };
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT') return null;
  return { code: 'EMPTY_RESPONSE', message: `${url.host} closed the connection without a response.` };
}

function earlyClose(code: string, context: FailureContext): CaptureError {
  const how = code === 'ECONNRESET' ? 'was reset' : code === 'ETIMEDOUT' ? 'went silent' : 'was closed';
  const message = `The connection to ${context.url.host} ${how} before the end of the body.`;
  // The codes of undici and llhttp for a closed connection depend on the framing; for the user they are the same.
  return { code: code === INVALID_EOF || code.startsWith('UND_') ? 'CONNECTION_CLOSED' : code, message };
}

function notHttp(error: unknown, context: FailureContext): string {
  const why = error instanceof Error ? ` (${firstLine(error.message)})` : '';
  if (context.responded) return `${context.url.host} sent an invalid HTTP body${why}.`;
  const sample = context.sample;
  // [spec] RFC 8446 §5.1: a TLS record begins with its content type; 21 is an alert, 22 a handshake.
  if (sample !== null && (sample[0] === 0x15 || sample[0] === 0x16) && sample[1] === 0x03) {
    return `${context.url.host} speaks TLS on that port. Try https:// instead of http://.`;
  }
  if (sample?.toString('latin1').startsWith('HTTP/') === true)
    return `The response header of ${context.url.host} is not valid HTTP${why}.`;
  const begins = sample === null || sample.length === 0 ? '' : `: its response begins with ${quoted(sample)}`;
  return `${context.url.host} does not speak HTTP${begins}${why}.`;
}

/** The first characters that a server sent; anything but printable ASCII is replaced. */
function quoted(bytes: Buffer): string {
  return JSON.stringify(
    bytes
      .subarray(0, 24)
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '·'),
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim().slice(0, 300) ?? '';
}
