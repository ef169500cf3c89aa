import type { FileHandle } from 'node:fs/promises';
import type { CaptureAnswers } from '../../contract/capture-queries.ts';
import type { CapturePhase, Exchange } from '../../contract/capture-summary.ts';
import type { CommandResult } from '../../contract/commands.ts';
import type { BodyBytes, ItemDetail } from '../../contract/item.ts';
import type { Density, Filter, Lane, LaneRow, RowsWindow } from '../../contract/lane.ts';
import type { MessageSource, MessageSpan, MessagesView } from '../../contract/message-view.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { CaptureTime } from '../../core/capture-time.ts';
import { density } from '../../core/capture/index/density.ts';
import type { CaptureHeader, EndReason, NoteRecord } from '../../core/capture/record.ts';
import { type Diagnosis, diagnosisOf } from '../../core/findings/diagnosis.ts';
import type { Severity } from '../../core/findings/finding.ts';
import type { DiagnosisInput } from '../../core/findings/facts/stream-facts.ts';
import type { StreamMetrics } from '../../core/metrics/stream-metrics.ts';
import { CaptureContent } from './capture-content.ts';
import { DetailReader } from './item-detail.ts';
import type { IndexedCapture } from './indexed-capture.ts';
import { LaneRows } from './lane-rows.ts';
import { LaneSearches, windowRows } from './lane-search.ts';
import { MessageReader } from './message-reader.ts';
import type { KnownLengths } from './message-views.ts';
import { summaryEnd } from './summary.ts';

/** A row of a lane. */
interface RowPlace {
  readonly lane: Lane;
  readonly row: number;
}

const mostRows = 1000;
const mostBytes = 256 * 1024;
const mostNotes = 10_000;

/**
 * Answers all queries about one capture, as far as it has been read or recorded. `CaptureSession.ask` keeps the file open
 * meanwhile.
 */
export class CaptureReader implements CaptureAnswers {
  readonly #header: CaptureHeader;
  readonly #indexed: IndexedCapture;
  readonly #phase: () => CapturePhase;
  readonly #content: CaptureContent;
  readonly #rows: LaneRows;
  readonly #details: DetailReader;
  readonly #searches: LaneSearches;
  #messages: MessageReader | null = null;
  #worst: Severity | null = null;

  /**
   * @param indexed what is kept in memory of the records
   * @param file holds the records
   * @param phase of the capture at this moment
   */
  constructor(header: CaptureHeader, indexed: IndexedCapture, file: FileHandle, phase: () => CapturePhase) {
    this.#header = header;
    this.#indexed = indexed;
    this.#phase = phase;
    this.#content = new CaptureContent(file, indexed.index, indexed.map);
    this.#rows = new LaneRows(this.#content);
    this.#details = new DetailReader(this.#content);
    this.#searches = new LaneSearches(this.#content);
  }

  /** Positions [from, to) of a lane, filtered or not. */
  async rows({
    lane,
    from,
    to,
    filter,
  }: {
    readonly lane: Lane;
    readonly from: number;
    readonly to: number;
    readonly filter?: Filter | undefined;
  }): Promise<RowsWindow> {
    if (to - from > mostRows) throw new Refusal('bad-params', `At most ${mostRows} rows per request.`);
    const narrow = narrowing(filter ?? {}, lane);
    const found =
      narrow !== null
        ? await this.#searches.rows(lane, narrow, from, to)
        : { searched: true, ...windowRows(this.#content.length(lane), from, to, (position) => position) };
    const rows = await this.#rows.read(lane, found.rows, found.before);
    return { total: found.total, searched: found.searched, from, rows };
  }

  async position({
    lane,
    row,
    filter,
  }: RowPlace & { readonly filter?: Filter | undefined }): Promise<{ readonly position: number }> {
    const narrow = narrowing(filter ?? {}, lane);
    if (narrow !== null) return { position: await this.#searches.position(lane, narrow, row) };
    return { position: Math.max(0, Math.min(row, this.#content.length(lane) - 1)) };
  }

  async detail({ lane, row }: RowPlace): Promise<ItemDetail> {
    if (row >= this.#content.length(lane)) throw new Refusal('bad-params', 'The capture has no such row.');
    return this.#details.read(lane, row);
  }

  eventRow({ seq }: { readonly seq: number }): { readonly row: number } {
    const { index } = this.#content;
    if (seq >= index.dispatched) throw new Refusal('bad-params', 'The capture has no such event.');
    return { row: index.blockOfSeq(seq) };
  }

  rowsOf({ start, end }: ByteRange): CommandResult<'capture.rowsOf'> {
    const { index } = this.#content;
    const range = { start, end };
    return { chunks: index.chunksOf(range), blocks: index.blocksOf(range) };
  }

  /** Rows of dispatched events by `seq`, ascending; a `seq` that does not exist is left out. A `seq` may come twice. */
  eventRows(seqs: readonly number[]): Promise<LaneRow[]> {
    const { index } = this.#content;
    const there = [...new Set(seqs)].filter((seq) => seq < index.dispatched).toSorted((a, b) => a - b);
    const rows = there.map((seq) => index.blockOfSeq(seq));
    const first = there[0] ?? 0;
    // The event before the first, so that its preview shows what changed.
    const before = first > 0 ? [index.blockOfSeq(first - 1)] : [];
    return this.#rows.read('blocks', rows, before);
  }

  async bytes({ start, end }: ByteRange): Promise<BodyBytes> {
    if (end - start > mostBytes) throw new Refusal('bad-params', 'At most 256 KiB per request.');
    const length = this.#content.index.bytes;
    const range = { start: Math.min(start, length), end: Math.min(end, length) };
    if (range.end <= range.start) return { range: { start: range.start, end: range.start }, base64: '' };
    const bytes = await this.#content.body.read(range);
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
    const { index } = this.#content;
    const counts = density(index, from, to, width);
    const newest = counts.unit === 'ms' ? (this.#indexed.totals.lastAt ?? 0) : index.bytes;
    return { ...counts, loadedTo: this.#phase() === 'loading' ? newest : null };
  }

  async exchange(): Promise<Exchange> {
    const { map, totals } = this.#indexed;
    const { request, startedAt } = this.#header;
    const responses: Exchange['responses'][number][] = [];
    const notes: NoteRecord[] = [];
    for (let number = 0; number < map.length; number += 1) {
      if (map.isNote(number) && notes.length >= mostNotes) continue;
      const record = await this.#content.body.record(number);
      if (record?.kind === 'note') notes.push(record);
      if (record?.kind === 'response') {
        const { at, status, headers, httpVersion, url } = record;
        responses.push({ at, status, headers, httpVersion, url: url ?? null });
      }
    }
    return { request, startedAt, responses, notes, end: summaryEnd(totals.end) };
  }

  types(): CommandResult<'capture.types'> {
    return this.#content.index.types.mostFrequent(200);
  }

  /** The messages, each text from its `known` length on. */
  messages({ known }: { readonly known: KnownLengths }): Promise<MessagesView> {
    return this.#assembled().view(known, this.#endReason);
  }

  messageSource({
    message,
    part,
    position,
  }: {
    readonly message: number;
    readonly part: number;
    readonly position: number;
  }): MessageSource | null {
    return this.#assembled().source(message, part, position);
  }

  messageSpans({ seq }: { readonly seq: number }): Promise<readonly MessageSpan[]> {
    return this.#assembled().spans(seq, this.#endReason);
  }

  metrics(): StreamMetrics {
    return this.#indexed.totals.metrics.metrics(this.#now);
  }

  /** What is wrong with the stream, rung by rung. */
  async diagnosis(): Promise<Diagnosis> {
    const hasEnded = this.#phase() === 'ended';
    const diagnosis = diagnosisOf(await this.diagnosed());
    // Findings come worst first.
    if (hasEnded) this.#worst = diagnosis.findings[0]?.severity ?? null;
    return diagnosis;
  }

  /** The worst severity that a diagnosis found since the capture ended; null before that and without findings. */
  get worst(): Severity | null {
    return this.#worst;
  }

  /** What the diagnosis is made from. */
  async diagnosed(): Promise<DiagnosisInput> {
    const { totals } = this.#indexed;
    const message = totals.mayHaveMessage
      ? await this.#assembled().whole(this.#endReason)
      : { problems: [], messageEnd: 'none' as const };
    return totals.diagnosed(this.#now, message);
  }

  /** Stops the searches. */
  close(): void {
    this.#searches.close();
  }

  /** The present while it streams, ms since the request began. */
  get #now(): CaptureTime {
    return this.#phase() === 'streaming' ? this.#indexed.now : null;
  }

  get #endReason(): EndReason | null {
    return this.#indexed.totals.end?.reason ?? null;
  }

  #assembled(): MessageReader {
    this.#messages ??= new MessageReader(this.#content, this.#indexed.totals.head);
    return this.#messages;
  }
}
