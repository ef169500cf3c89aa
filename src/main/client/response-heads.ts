import { type HeaderList, firstHeaderValue } from '../../core/headers.ts';
import { ClientError } from './client-error.ts';

/** Status line and header fields of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HeaderList;
  /** "HTTP/1.1" or "HTTP/1.0", as the server said. */
  readonly httpVersion: string;
}

/** Receives what `ResponseHeads` finds, in order. */
export interface ResponseHeadsHandler {
  /** An interim response (1xx) other than 101. */
  onInterim(head: ResponseHead): void;
  /** A problem of the final response's head that does not prevent reading it. */
  onWarning(code: string, text: string): void;
  /** The response cannot be read. Nothing is called after this. */
  onProblem(error: ClientError): void;
}

/** More than the longest headers that model gateways send. */
export const MAX_HEADER_BYTES = 256 * 1024;

/** Longer than the HTTP parser accepts, with room for line ends: the parser will report the error. */
const MOST_HEAD_BYTES = 2 * MAX_HEADER_BYTES;
const NOTHING = new Uint8Array(0);
const LF = 10;
const CR = 13;

/**
 * Reads the heads of responses before the HTTP parser. undici fails with misleading errors on interim responses with
 * status 100, repeated lengths and incomplete heads; this class reports each precisely. The parser gets only the final
 * response.
 */
export class ResponseHeads {
  readonly #host: string;
  readonly #method: string;
  readonly #handler: ResponseHeadsHandler;
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Bytes of the current line, without CR. */
  #line = 0;
  #isOver = false;
  #isRefused = false;
  #httpVersion = 'HTTP/1.1';
  /** The header fields as received, if the parser got different ones. */
  #fields: HeaderList | null = null;
  /** Length of the body if the head defines it; null if only the parser knows. */
  #expected: number | null = null;
  #received = 0;

  constructor(host: string, method: string, handler: ResponseHeadsHandler) {
    this.#host = host;
    this.#method = method;
    this.#handler = handler;
  }

  /** Bytes of an incomplete head. */
  get unfinished(): number {
    return this.#isOver ? 0 : this.#length;
  }

  get httpVersion(): string {
    return this.#httpVersion;
  }

  /** Bytes received after the end of a body whose length the head defines. */
  get excess(): number {
    return this.#expected === null ? 0 : Math.max(0, this.#received - this.#expected);
  }

  /** Consumes the bytes of one socket read, and returns those for the HTTP parser. */
  take(bytes: Uint8Array): Uint8Array {
    if (this.#isRefused) return NOTHING;
    for (let rest = bytes; !this.#isOver; ) {
      const end = this.#endOfHead(rest);
      this.#pieces.push(rest.subarray(0, end ?? rest.length));
      this.#length += end ?? rest.length;
      if (end === null) return this.#isForParser() ? this.#pass(this.#take()) : NOTHING;
      rest = rest.subarray(end);
      const head = this.#read(this.#take());
      if (this.#isRefused) return NOTHING;
      if (head !== null) {
        this.#received = rest.length;
        return rest.length === 0 ? head : Buffer.concat([head, rest]);
      }
    }
    this.#received += bytes.length;
    return bytes;
  }

  /** The header fields as received, if the parser got different ones; otherwise null. */
  get fields(): HeaderList | null {
    return this.#fields;
  }

  /** Index after the blank line that ends the head; null if it has not arrived. */
  #endOfHead(bytes: Uint8Array): number | null {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== LF) {
        if (byte !== CR) this.#line++;
      } else if (this.#line === 0 && this.#length + at > 1) {
        return at + 1;
      } else this.#line = 0;
    }
    return null;
  }

  /** Whether the parser should see an incomplete head: it is not HTTP, or it is too long. */
  #isForParser(): boolean {
    if (this.#length > MOST_HEAD_BYTES) return true;
    const begin = Buffer.concat(this.#pieces.slice(0, BEGIN.length))
      .toString('latin1')
      .slice(0, BEGIN.length);
    return !BEGIN.startsWith(begin);
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#line = 0;
    return bytes;
  }

  #pass(bytes: Uint8Array): Uint8Array {
    this.#isOver = true;
    return bytes;
  }

  /** Returns the head for the parser; null for an interim response. */
  #read(bytes: Buffer): Uint8Array | null {
    const lines = bytes.toString('latin1').split(/\r?\n/).slice(0, -2);
    const [statusLine = '', ...fieldLines] = lines;
    const match = /^(HTTP\/\d\.\d) (\d{3})(?: |$)/.exec(statusLine);
    if (match === null) return this.#pass(bytes);
    const status = Number(match[2]);
    this.#httpVersion = match[1] ?? this.#httpVersion;
    if (status === 101) return this.#refuse('SWITCHING_PROTOCOLS', this.#switching(fieldsOf(fieldLines)));
    // [spec] RFC 9110 §15: "Values outside the range 100..599 are invalid."; from 600 on, clients go by the body.
    if (status < 100) {
      const message = `${this.#host} answered with status ${match[2]}, which is not an HTTP status (100 to 599).`;
      return this.#refuse('INVALID_STATUS', message);
    }
    if (status < 200) {
      this.#handler.onInterim({ status, headers: fieldsOf(fieldLines), httpVersion: this.#httpVersion });
      return null;
    }
    this.#isOver = true;
    return this.#withOneLength(bytes, status, statusLine, fieldLines);
  }

  #refuse(code: string, message: string): Uint8Array {
    this.#isOver = true;
    this.#isRefused = true;
    this.#handler.onProblem(new ClientError(code, message));
    return NOTHING;
  }

  #switching(headers: HeaderList): string {
    const to = firstHeaderValue(headers, 'upgrade');
    const protocol = to === null ? 'another protocol' : `the protocol "${to}"`;
    return `${this.#host} answered 101 and switched to ${protocol}, which the request did not ask for.`;
  }

  /** [spec] RFC 9112 §6.3, for messages with more than one length. */
  #withOneLength(bytes: Buffer, status: number, statusLine: string, lines: readonly string[]): Uint8Array {
    const fields = fieldsOf(lines);
    const lengths = fields.filter(([name]) => isLength(name));
    // [spec] RFC 9110 §8.6: a "list consisting of the same decimal value" may be replaced by that value.
    const values = new Set(lengths.flatMap(([, value]) => value.split(',').map((one) => one.trim())));
    const [value] = values;
    const isCoded = firstHeaderValue(fields, 'transfer-encoding') !== null;
    const hasBody = this.#method !== 'HEAD' && status !== 204 && status !== 304;
    if (!hasBody) this.#expected = 0;
    if (value === undefined) return bytes;
    if (values.size > 1 && !isCoded) {
      const message = `${this.#host} sent different Content-Length values (${[...values].join(' and ')}): the end of the body is ambiguous.`;
      return this.#refuse('CONTENT_LENGTH_CONFLICT', message);
    }
    if (hasBody && !isCoded && /^\d+$/.test(value)) this.#expected = Number(value);
    if (!isCoded && lengths.length === 1 && lengths[0]?.[1] === value) return bytes;
    if (isCoded) {
      // [spec] "the Transfer-Encoding overrides the Content-Length. Such a message might indicate an attempt to perform
      // request smuggling … and ought to be handled as an error."
      const text = 'The response has both Transfer-Encoding and Content-Length. Content-Length was ignored.';
      this.#handler.onWarning('transfer-encoding-and-content-length', text);
    } else {
      const text = `The response says Content-Length ${value} more than once. Some clients refuse this.`;
      this.#handler.onWarning('repeated-content-length', text);
    }
    this.#fields = fields;
    const others = lines.filter((line) => !isLength(nameOf(line)));
    const kept = isCoded ? others : [...others, `Content-Length: ${value}`];
    return Buffer.from([statusLine, ...kept, '', ''].join('\r\n'), 'latin1');
  }
}

const BEGIN = 'HTTP/';
const isLength = (name: string): boolean => name.toLowerCase() === 'content-length';
const nameOf = (line: string): string => line.slice(0, Math.max(0, line.indexOf(':')));

function fieldsOf(lines: readonly string[]): HeaderList {
  return lines
    .filter((line) => line.includes(':'))
    .map((line) => [nameOf(line), line.slice(nameOf(line).length + 1).trim()]);
}
