import { decodeExactly } from '../text/utf8.ts';
import { assertNever } from '../assert-never.ts';
import type { CaptureProblem } from './capture-problem.ts';
import type { CaptureHeader, CaptureRecord } from './record.ts';
import { parseSsecapLine, type SsecapLine } from './ssecap-line.ts';
import { FileLines, MAX_LINE, type FileLine } from './file-lines.ts';

/** Receives what a reader of captures reads: per capture one `header`, then its records. */
export interface CaptureSink {
  header(header: CaptureHeader): void;
  record(record: CaptureRecord): void;
  problem(problem: CaptureProblem): void;
}

const encoder = new TextEncoder();

/**
 * Reads an `.ssecap.ndjson` file piece by piece and keeps at most one line. Damaged lines are reported and the rest is
 * read. A second header begins a second capture, so files joined with `cat` open.
 */
export class SsecapReader {
  readonly #sink: CaptureSink;
  readonly #maxLine: number;
  readonly #lines: FileLines;
  #line = 1;
  #chunks = 0;
  #headers = 0;
  #empty = true;
  #stopped = false;

  constructor(sink: CaptureSink, options: { readonly maxLine?: number } = {}) {
    this.#sink = sink;
    this.#maxLine = options.maxLine ?? MAX_LINE;
    this.#lines = new FileLines(this.#maxLine, (line) => this.#take(line));
  }

  /** Reads the next piece of the file. */
  push(piece: Uint8Array | string): void {
    if (!this.#stopped) this.#lines.push(typeof piece === 'string' ? encoder.encode(piece) : piece);
  }

  /** Ends the file. A last line without a line feed is read if it is complete, else reported. */
  end(): void {
    if (this.#stopped) return;
    this.#lines.end();
    if (this.#empty) {
      this.#fail('empty', 'the file is empty', null, 0);
    }
  }

  #take({ number, bytes, ended, skipped }: FileLine): void {
    if (this.#stopped) return;
    this.#line = number;
    if (skipped === 0) {
      this.#readLine(bytes, ended);
      return;
    }
    this.#empty = false;
    const message = `line ${number} is longer than ${this.#maxLine} bytes`;
    if (this.#headers === 0) this.#fail('unknown-format', message, number, skipped);
    else this.#report('damaged-line', `${message} and was skipped`, skipped);
  }

  #readLine(bytes: Uint8Array, ended: boolean): void {
    const text = decodeExactly(bytes);
    const trimmed = text?.replace(/^\uFEFF/, '') ?? null;
    if (trimmed !== null && trimmed.trim() === '') return;
    this.#empty = false;
    const line: SsecapLine =
      trimmed === null ? { kind: 'damaged', reason: 'not UTF-8' } : parseSsecapLine(trimmed, this.#chunks);
    switch (line.kind) {
      case 'header':
        this.#headers++;
        this.#chunks = 0;
        this.#sink.header(line.header);
        return;
      case 'record':
        if (this.#headers === 0) {
          this.#fail('unknown-format', 'the capture has no header line', this.#line, null);
          return;
        }
        if (line.record.kind === 'chunk') this.#chunks++;
        this.#sink.record(line.record);
        return;
      case 'future':
        this.#fail(
          'future-version',
          `the capture has format version ${JSON.stringify(line.version)}; this program reads version 1`,
          this.#line,
          null,
        );
        return;
      case 'damaged':
        this.#readDamaged(line.reason, bytes.length, ended);
        return;
      default:
        assertNever(line);
    }
  }

  #readDamaged(reason: string, length: number, ended: boolean): void {
    if (this.#headers === 0) {
      const message = ended
        ? `the header line is damaged: ${reason}`
        : `the file ends inside its header line, after ${length} bytes`;
      this.#fail('unknown-format', message, this.#line, length);
    } else if (ended) {
      this.#report('damaged-line', `line ${this.#line} is damaged and was skipped: ${reason}`, length);
    } else {
      this.#report(
        'torn-tail',
        `the capture ends inside line ${this.#line}: its last ${length} bytes are not a complete record and were skipped`,
        length,
      );
    }
  }

  #report(code: CaptureProblem['code'], message: string, bytes: number): void {
    this.#sink.problem({ code, message, fatal: false, line: this.#line, bytes });
  }

  #fail(code: CaptureProblem['code'], message: string, line: number | null, bytes: number | null): void {
    this.#stopped = true;
    this.#sink.problem({ code, message, fatal: true, line, bytes });
  }
}
