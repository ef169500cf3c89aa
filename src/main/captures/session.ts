import type { FileHandle } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary, CaptureWarning, Exchange } from '../../contract/capture-summary.ts';
import type { CommandResult } from '../../contract/commands.ts';
import type { BodyBytes, ItemDetail } from '../../contract/item.ts';
import type { Density, Filter, Lane, LaneRow, RowsWindow } from '../../contract/lane.ts';
import type { MessageSource, MessageSpan, MessagesView } from '../../contract/message-view.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { density } from '../../core/capture/index/density.ts';
import type { CaptureHeader, CaptureRecord } from '../../core/capture/record.ts';
import { type Diagnosis, diagnosisOf } from '../../core/findings/diagnosis.ts';
import type { Diagnosed } from '../../core/findings/facts/stream-facts.ts';
import type { StreamMetrics } from '../../core/metrics/stream-metrics.ts';
import { BlockTexts } from './block-texts.ts';
import { BodyReader } from './body-reader.ts';
import type { CaptureTally } from './capture-tally.ts';
import { Derivation } from './derivation.ts';
import { DocumentTexts } from './document-texts.ts';
import { readExchange } from './exchange.ts';
import { DetailReader } from './item-detail.ts';
import { laneLength } from './lane-length.ts';
import { LaneRows } from './lane-rows.ts';
import { LaneSearches, windowRows } from './lane-search.ts';
import { nextRevision } from './revision.ts';
import { MessageReader } from './message-reader.ts';
import type { KnownLengths } from './message-views.ts';
import { summaryRequest } from './summary-request.ts';

/** Positions of a lane, [from, to), filtered or not. */
export interface RowsQuery {
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly filter?: Filter | undefined;
}

const mostRows = 1000;
const mostBytes = 256 * 1024;
/** Documents of a stream in no known dialect that are still read for an error. */
const mostUnrecognised = 64;

/**
 * A capture that is open, being recorded or read from disk: its index in memory, its bytes in its file. Answers every
 * `capture.` command of the contract as far as it has come.
 */
export class CaptureSession {
  readonly id: CaptureId;
  readonly header: CaptureHeader;
  readonly origin: CaptureSummary['origin'];
  /** As given by the user. */
  name: string | null;
  /** What of the file is worth a warning: damage, a disk that is full. */
  fileWarnings: readonly CaptureWarning[] = [];
  phase: CaptureSummary['phase'] = 'loading';
  /** As in `CaptureSummary`. */
  recordedElsewhere = false;
  readonly #file: FileHandle;
  readonly #derivation: Derivation;
  readonly #index: CaptureIndex;
  readonly #tally: CaptureTally;
  readonly #body: BodyReader;
  readonly #blocks: BlockTexts;
  readonly #documents: DocumentTexts;
  readonly #rows: LaneRows;
  readonly #details: DetailReader;
  readonly #searches: LaneSearches;
  #messages: MessageReader | null = null;
  #closing: Promise<void> | null = null;
  /** Questions that keep the file open. */
  #held = 0;
  #released: (() => void) | null = null;

  /** `start` is where the first record begins in the file; the session closes the file. */
  constructor(
    id: CaptureId,
    header: CaptureHeader,
    origin: CaptureSummary['origin'],
    name: string | null,
    file: FileHandle,
    start: number,
  ) {
    this.id = id;
    this.header = header;
    this.origin = origin;
    this.name = name;
    this.#file = file;
    this.#derivation = new Derivation(start, header.request.url);
    this.#index = this.#derivation.index;
    this.#tally = this.#derivation.tally;
    this.#body = new BodyReader(file, this.#index, this.#derivation.map);
    this.#blocks = new BlockTexts(this.#index, this.#body);
    this.#documents = new DocumentTexts(this.#index, this.#blocks);
    this.#rows = new LaneRows(this.#index, this.#body, this.#blocks, this.#documents);
    this.#details = new DetailReader(this.#index, this.#body, this.#blocks, this.#documents);
    this.#searches = new LaneSearches(this.#index, this.#body, this.#blocks, this.#documents);
  }

  /** Takes the next record, which takes `size` bytes in the file and is there already. */
  push(record: CaptureRecord, size: number): void {
    this.#derivation.push(record, size);
  }

  /** Ends a capture that has no end record. */
  stopHere(): void {
    this.#derivation.stopHere();
  }

  /** Bytes of memory that the index takes. */
  get memory(): number {
    return this.#index.memory + this.#derivation.map.memory;
  }

  /** Whether a response was taken. */
  get answered(): boolean {
    return this.#tally.status !== null;
  }

  /** Whether an end record was taken. */
  get ended(): boolean {
    return this.#tally.end !== null;
  }

  summary(): CaptureSummary {
    const tally = this.#tally;
    return {
      id: this.id,
      revision: nextRevision(),
      name: this.name,
      request: summaryRequest(this.header.request),
      startedAt: this.header.startedAt,
      phase: this.phase,
      recordedElsewhere: this.recordedElsewhere,
      status: tally.status,
      contentType: tally.contentType,
      framing: this.#derivation.framing,
      end: tally.end,
      rows: { chunks: this.#index.chunks, events: this.#index.blocks, json: this.#index.documents },
      dispatched: this.#index.dispatched,
      bytes: this.#index.bytes,
      wireBytes: tally.wireBytes,
      firstByteAt: tally.metrics.firstByteAt,
      lastAt: tally.lastAt,
      rates: this.#derivation.rates(this.phase === 'streaming'),
      gaps: tally.metrics.gaps,
      silences: tally.metrics.silences,
      output: tally.metrics.outputSummary,
      warnings: [...this.fileWarnings, ...tally.warnings],
      origin: this.origin,
    };
  }

  async rows({ lane, from, to, filter }: RowsQuery): Promise<RowsWindow> {
    if (to - from > mostRows)
      throw new Refusal('bad-params', `At most ${mostRows} rows can be asked for at once.`);
    const narrow = narrowing(filter ?? {}, lane);
    const found =
      narrow !== null
        ? await this.#guard(this.#searches.rows(lane, narrow, from, to))
        : { searched: true, ...windowRows(this.#length(lane), from, to, (position) => position) };
    const rows = await this.#guard(this.#rows.read(lane, found.rows, found.before));
    return { total: found.total, searched: found.searched, from, rows };
  }

  async position({
    lane,
    row,
    filter,
  }: {
    readonly lane: Lane;
    readonly row: number;
    readonly filter?: Filter | undefined;
  }): Promise<{ readonly position: number }> {
    const narrow = narrowing(filter ?? {}, lane);
    if (narrow !== null) return { position: await this.#guard(this.#searches.position(lane, narrow, row)) };
    return { position: Math.max(0, Math.min(row, this.#length(lane) - 1)) };
  }

  async detail(lane: Lane, row: number): Promise<ItemDetail> {
    if (row >= this.#length(lane)) throw new Refusal('bad-params', 'The capture has no such row.');
    return this.#guard(this.#details.read(lane, row));
  }

  eventRow(seq: number): { readonly row: number } {
    if (seq >= this.#index.dispatched) throw new Refusal('bad-params', 'The capture has no such event.');
    return { row: this.#index.blockOfSeq(seq) };
  }

  rowsOf(start: number, end: number): CommandResult<'capture.rowsOf'> {
    const range = { start, end };
    return { chunks: this.#index.chunksOf(range), events: this.#index.blocksOf(range) };
  }

  /** Rows of dispatched events, by their ascending `seq`; what is not there is left out. A `seq` may come twice. */
  eventRows(seqs: readonly number[]): Promise<LaneRow[]> {
    const there = [...new Set(seqs)].filter((seq) => seq < this.#index.dispatched).toSorted((a, b) => a - b);
    const rows = there.map((seq) => this.#index.blockOfSeq(seq));
    const first = there[0] ?? 0;
    // The event before the first, so that its preview shows what changed.
    const before = first > 0 ? [this.#index.blockOfSeq(first - 1)] : [];
    return this.#guard(this.#rows.read('events', rows, before));
  }

  async bytes(start: number, end: number): Promise<BodyBytes> {
    if (end - start > mostBytes) throw new Refusal('bad-params', 'At most 256 KiB can be asked for at once.');
    const range = { start: Math.min(start, this.#index.bytes), end: Math.min(end, this.#index.bytes) };
    if (range.end <= range.start) return { range: { start: range.start, end: range.start }, base64: '' };
    const bytes = await this.#guard(this.#body.read(range));
    return { range, base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
  }

  density({
    from,
    to,
    width,
  }: {
    readonly from: number;
    readonly to: number;
    readonly width: number;
  }): Density {
    const counts = density(this.#index, from, to, width);
    const newest = counts.unit === 'ms' ? (this.#tally.lastAt ?? 0) : this.#index.bytes;
    return { ...counts, loadedTo: this.phase === 'loading' ? newest : null };
  }

  exchange(): Promise<Exchange> {
    return this.#guard(readExchange(this.header, this.#derivation.map, this.#body, this.#tally.end));
  }

  types(): CommandResult<'capture.types'> {
    return this.#index.types.mostFrequent(200);
  }

  /** The messages, assembled from here on when they are first asked for. */
  messages(known: KnownLengths): Promise<MessagesView> {
    return this.#guard(this.#reader().view(known, this.#tally.end?.reason ?? null));
  }

  messageSource(message: number, part: number, position: number): MessageSource | null {
    return this.#reader().source(message, part, position);
  }

  messageSpans(seq: number): Promise<readonly MessageSpan[]> {
    return this.#guard(this.#reader().spans(seq, this.#tally.end?.reason ?? null));
  }

  metrics(): StreamMetrics {
    return this.#tally.metrics.metrics(this.phase === 'streaming' ? this.#derivation.now : null);
  }

  /** What is wrong with the stream, rung by rung. */
  async diagnosis(): Promise<Diagnosis> {
    return diagnosisOf(await this.diagnosed());
  }

  /** What the diagnosis is made from. */
  async diagnosed(): Promise<Diagnosed> {
    const { facts } = this.#tally;
    const metrics = this.metrics();
    const { request } = this.header;
    // Only a stream that speaks a model's dialect has a message; a short one may be an error alone, in any dialect.
    const hasMessage = metrics.dialect !== null || this.#index.documents <= mostUnrecognised;
    const { problems, messageEnd } = hasMessage
      ? await this.#guard(this.#reader().whole(this.#tally.end?.reason ?? null))
      : { problems: [], messageEnd: 'none' as const };
    const { dialect } = metrics;
    return { request, facts, metrics, dialect, problems, messageEnd };
  }

  #reader(): MessageReader {
    this.#messages ??= new MessageReader(this.#index, this.#documents, this.#tally.head);
    return this.#messages;
  }

  /** Whether it lets go of the file, or has: it answers no new question. */
  get isClosed(): boolean {
    return this.#closing !== null;
  }

  /** Keeps the file open until the result is called, which must be. */
  hold(): () => void {
    this.#held += 1;
    return () => {
      this.#held -= 1;
      if (this.#held === 0) this.#released?.();
    };
  }

  /** Lets go of the file; questions that are being answered are refused. */
  close(): Promise<void> {
    this.#searches.close();
    this.#released?.();
    this.#closing ??= this.#file.close();
    return this.#closing;
  }

  /** Lets go of the file when the questions that hold it are answered. */
  retire(): Promise<void> {
    if (this.#held === 0) return this.close();
    this.#closing ??= new Promise<void>((resolve) => (this.#released = resolve)).then(() => {
      this.#searches.close();
      return this.#file.close();
    });
    return this.#closing;
  }

  #length(lane: Lane): number {
    return laneLength(this.#index, lane);
  }

  /** Turns what fails because the session was closed meanwhile into a refusal. */
  async #guard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (this.#closing !== null)
        throw new Refusal('no-such-capture', 'The capture was closed meanwhile.', { cause: error });
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new Refusal('storage', `The capture cannot be read (${message}).`, { cause: error });
    }
  }
}
