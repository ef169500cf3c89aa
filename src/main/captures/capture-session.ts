import type { FileHandle } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type {
  CaptureOrigin,
  CapturePhase,
  CaptureSummary,
  CaptureWarning,
} from '../../contract/capture-summary.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import type { Severity } from '../../core/findings/finding.ts';
import type { StoredHeader } from './capture-frame.ts';
import { captureClosed } from './capture-refusals.ts';
import { CaptureReader } from './capture-reader.ts';
import { IndexedCapture } from './indexed-capture.ts';
import { nextRevision, summaryEnd, summaryRequest, summaryText } from './summary.ts';

/** How a capture is opened. */
export interface SessionOptions {
  /** Given by the user. */
  readonly name: string | null;
  /** Holds its records. The session closes it. */
  readonly file: FileHandle;
  /** Where the first record begins in the file. */
  readonly start: number;
  /** `loading`: records of the past are read first. `recording`: it begins now. */
  readonly state: 'loading' | 'recording';
  /** As in `CaptureSummary`. */
  readonly recordedElsewhere: boolean;
  /** As in `CaptureSummary`, when it was last open. */
  readonly worst: Severity | null;
}

/**
 * The life of an open capture, from its first record to the closing of its file, whether it is being recorded or is read
 * from disk. `reader` answers queries about it.
 */
export class CaptureSession {
  readonly id: CaptureId;
  readonly header: CaptureHeader;
  readonly origin: CaptureOrigin;
  readonly reader: CaptureReader;
  readonly #file: FileHandle;
  readonly #indexed: IndexedCapture;
  #name: string | null;
  #state: SessionOptions['state'] | 'finished';
  #recordedElsewhere: boolean;
  readonly #worstBefore: Severity | null;
  #fileWarnings: readonly CaptureWarning[] = [];
  #closing: Promise<void> | null = null;
  /** Questions that keep the file open. */
  #open = 0;
  #answeredAll: (() => void) | null = null;

  constructor(
    id: CaptureId,
    { header, origin }: StoredHeader,
    { name, file, start, state, recordedElsewhere, worst }: SessionOptions,
  ) {
    this.id = id;
    this.header = header;
    this.origin = origin;
    this.#file = file;
    this.#name = name;
    this.#state = state;
    this.#recordedElsewhere = recordedElsewhere;
    this.#worstBefore = worst;
    this.#indexed = new IndexedCapture(start, header.request);
    this.reader = new CaptureReader(header, this.#indexed, file, () => this.phase);
  }

  /** As given by the user. */
  get name(): string | null {
    return this.#name;
  }

  get phase(): CapturePhase {
    const { response, end } = this.#indexed.totals;
    if (this.#state === 'finished') return 'ended';
    if (this.#state === 'loading') return 'loading';
    if (end !== null) return 'ended';
    return response === null ? 'connecting' : 'streaming';
  }

  /** As in `CaptureSummary`. */
  get recordedElsewhere(): boolean {
    return this.#recordedElsewhere;
  }

  /** Whether it has an end record. */
  get hasEnd(): boolean {
    return this.#indexed.totals.end !== null;
  }

  /** Bytes of memory that the index takes. */
  get memory(): number {
    return this.#indexed.memory;
  }

  rename(name: string | null): void {
    this.#name = name;
  }

  /** Takes the next record, which is in the file already, with `size` bytes. */
  push(record: CaptureRecord, size: number): void {
    this.#indexed.push(record, size);
  }

  /** The past is read; another process records what follows. */
  caughtUp(): void {
    if (this.#state === 'loading') this.#state = 'recording';
  }

  /** No record follows. A capture without an end record is given one. */
  finish(): void {
    this.#indexed.finish();
    this.#state = 'finished';
    this.#recordedElsewhere = false;
  }

  /** Reading it failed: it stays as far as it was read. */
  fail(warning: CaptureWarning): void {
    this.#state = 'finished';
    this.#fileWarnings = [warning];
  }

  /** Sets the warnings about its file: damage, a full disk. They replace those given before. */
  warn(warnings: readonly CaptureWarning[]): void {
    this.#fileWarnings = warnings;
  }

  summary(): CaptureSummary {
    const { totals, index } = this.#indexed;
    const { facts, metrics } = totals;
    const { phase } = this;
    return {
      id: this.id,
      revision: nextRevision(),
      name: this.#name,
      request: summaryRequest(this.header.request),
      startedAt: this.header.startedAt,
      phase,
      recordedElsewhere: this.#recordedElsewhere,
      status: totals.response?.status ?? null,
      contentType: summaryText(totals.contentType),
      framing: totals.framing,
      end: summaryEnd(totals.end),
      rows: { chunks: index.chunks, blocks: index.blocks, documents: index.documents },
      dispatched: index.dispatched,
      bytes: index.bytes,
      wireBytes: facts.wireBytes,
      firstByteAt: metrics.firstByteAt,
      lastAt: totals.lastAt,
      rates: this.#indexed.rates(phase === 'streaming'),
      gaps: metrics.gaps,
      silences: metrics.silences,
      output: metrics.outputSummary,
      worst: this.reader.worst ?? this.#worstBefore,
      warnings: [...this.#fileWarnings, ...totals.warnings],
      origin: this.origin,
    };
  }

  /** Whether its file is closed or closing: it takes no new query. */
  get isClosed(): boolean {
    return this.#closing !== null;
  }

  /**
   * Runs a query and keeps the file open until it settles, unless `close` is called. Rejects with a `Refusal`
   * (`no-such-capture`, `storage`) if the file is closed or cannot be read.
   */
  async ask<T>(query: (session: CaptureSession) => T | Promise<T>): Promise<T> {
    if (this.#closing !== null) throw captureClosed();
    this.#open += 1;
    try {
      return await query(this);
    } catch (error) {
      throw this.#refusalOf(error);
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#answeredAll?.();
    }
  }

  /** Closes the file; running queries are refused. */
  close(): Promise<void> {
    this.reader.close();
    this.#answeredAll?.();
    this.#closing ??= this.#file.close();
    return this.#closing;
  }

  /** Closes the file once all running queries have settled. */
  retire(): Promise<void> {
    if (this.#open === 0) return this.close();
    this.#closing ??= new Promise<void>((resolve) => (this.#answeredAll = resolve)).then(() => {
      this.reader.close();
      return this.#file.close();
    });
    return this.#closing;
  }

  #refusalOf(error: unknown): unknown {
    if (error instanceof Refusal) return error;
    if (this.#closing !== null) return captureClosed(error);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) return error;
    return new Refusal('storage', `The capture cannot be read (${message}).`, { cause: error });
  }
}
