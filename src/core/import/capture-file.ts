import { decodeExactly } from '../text/utf8.ts';
import { assertNever } from '../assert-never.ts';
import { framingNote } from '../pipeline/framing.ts';
import type { CaptureProblemCode } from '../capture/capture-problem.ts';
import {
  DETECTION_WINDOW,
  describeFormat,
  detectFormat,
  type CaptureFileFormat,
  type FileFormat,
} from './file-format.ts';
import { EventLinesReader } from './event-lines-reader.ts';
import { readHar } from './har-reader.ts';
import type { CaptureHeader } from '../capture/record.ts';
import { SsecapReader, type CaptureSink } from '../capture/ssecap-reader.ts';

/** The largest HAR file that is opened: it must be in memory at once, at about ten times its size while it is read. */
const MAX_HAR_BYTES = 256 * 1024 * 1024;

/** What is known about a file apart from its content. */
export interface FileFacts {
  /** Used as the URL of the request when the file has none (raw bytes of a body). Its extension tells JSON lines from JSON. */
  readonly url: string;
  /** When the file was last changed, ISO 8601. Used as the time of the request when the file has none. */
  readonly modifiedAt: string;
}

export interface CaptureFileOptions {
  /** Read the file in this format; absent: detect the format from the content. */
  readonly format?: CaptureFileFormat | undefined;
  readonly maxHarBytes?: number;
}

/**
 * Reads a file of captures piece by piece: `.ssecap.ndjson`, HAR, an export of events, or the raw bytes of an event
 * stream or of JSON lines. The format is detected from the content unless the user names it. Each piece of raw bytes
 * becomes one chunk of unknown time as soon as it is pushed. The caller may reuse a piece when `push` has returned.
 */
export class CaptureFileReader {
  readonly #sink: CaptureSink;
  readonly #facts: FileFacts;
  readonly #maxHarBytes: number;
  readonly #given: CaptureFileFormat | null;
  #format: FileFormat | null = null;
  /** The file so far, until its format is known; the whole file for a HAR. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #ssecap: SsecapReader | null = null;
  #eventLines: EventLinesReader | null = null;
  #chunks = 0;
  #refused = false;

  constructor(facts: FileFacts, sink: CaptureSink, options: CaptureFileOptions = {}) {
    this.#facts = facts;
    this.#sink = sink;
    this.#maxHarBytes = options.maxHarBytes ?? MAX_HAR_BYTES;
    this.#given = options.format ?? null;
  }

  /** Null until enough of the file was read. */
  get format(): FileFormat | null {
    return this.#format;
  }

  /** Reads the next piece of the file. */
  push(piece: Uint8Array): void {
    if (this.#refused || piece.length === 0) return;
    this.#beginGiven();
    if (this.#format === null) {
      this.#hold(piece);
      if (this.#detect(false)) this.#release();
    } else this.#read(piece);
  }

  /** Ends the file. */
  end(): void {
    if (this.#refused) return;
    this.#beginGiven();
    if (this.#format === null) {
      this.#detect(true);
      this.#release();
    }
    if (this.#refused) return;
    if (this.#format === 'ssecap') this.#ssecap?.end();
    else if (this.#format === 'events') this.#eventLines?.end();
    else if (this.#format === 'har') this.#readHar();
    else if (this.#format === 'event-stream' || this.#format === 'ndjson')
      this.#sink.record({ kind: 'end', at: null, reason: 'complete' });
  }

  /** Not in the constructor: the sink may use the reader. */
  #beginGiven(): void {
    if (this.#given !== null && this.#format === null) this.#begin(this.#given, true);
  }

  #detect(ended: boolean): boolean {
    const start = joined(this.#held, Math.min(this.#heldBytes, DETECTION_WINDOW));
    const format = detectFormat(start, ended, this.#facts.url);
    if (format === null) return false;
    this.#begin(format, false);
    return true;
  }

  /** @param isGiven the user named the format, so the framing of the body is not detected either */
  #begin(format: FileFormat, isGiven: boolean): void {
    this.#format = format;
    switch (format) {
      case 'ssecap':
        this.#ssecap = new SsecapReader(this.#sink);
        return;
      case 'event-stream':
      case 'ndjson':
        this.#sink.header(this.#header());
        if (isGiven) this.#sink.record(framingNote(format));
        return;
      case 'events':
        this.#eventLines = new EventLinesReader(this.#header(), this.#sink);
        return;
      case 'har':
        return;
      case 'empty':
        this.#fail('empty', describeFormat(format));
        return;
      case 'json':
      case 'html':
      case 'binary':
      case 'text':
        this.#fail('unknown-format', describeFormat(format));
        return;
      default:
        assertNever(format);
    }
  }

  #release(): void {
    if (this.#refused || this.#format === null || this.#format === 'har') return;
    const bytes = joined(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    this.#read(bytes);
  }

  #read(piece: Uint8Array): void {
    if (this.#format === 'ssecap') this.#ssecap?.push(piece);
    else if (this.#format === 'events') this.#eventLines?.push(piece);
    else if (this.#format === 'har') {
      this.#hold(piece);
      if (this.#heldBytes > this.#maxHarBytes) {
        this.#held = [];
        const most = Math.floor(this.#maxHarBytes / (1024 * 1024));
        this.#fail('too-large', `the HAR file is larger than ${most} MiB, the most that can be opened`);
      }
    } else {
      const read = this.#chunks++;
      this.#sink.record({ kind: 'chunk', at: null, read, wireBytes: piece.length, bytes: piece.slice() });
    }
  }

  #hold(piece: Uint8Array): void {
    this.#held.push(piece.slice());
    this.#heldBytes += piece.length;
  }

  /** The header of a capture whose request is not known. */
  #header(): CaptureHeader {
    const { url, modifiedAt } = this.#facts;
    return {
      format: 'ssecap',
      version: 1,
      request: { method: 'GET', url, headers: [], client: 'raw' },
      startedAt: modifiedAt,
    };
  }

  #readHar(): void {
    const bytes = joined(this.#held, this.#heldBytes);
    this.#held = [];
    const text = decodeExactly(bytes);
    if (text === null) this.#fail('damaged-file', 'the HAR file is not UTF-8');
    else readHar(text.replace(/^\uFEFF/, ''), this.#sink);
  }

  #fail(code: CaptureProblemCode, message: string): void {
    this.#refused = true;
    this.#sink.problem({ code, message, fatal: true, line: null, bytes: null });
  }
}

/** The first `length` bytes of the concatenated pieces. */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    if (at >= length) break;
    const part = piece.subarray(0, length - at);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
