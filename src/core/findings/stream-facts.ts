import type { CaptureRecord, EndRecord, ResponseRecord } from '../capture/record.ts';
import { type Framing, framingOfHeaders } from '../framing.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { JsonDocument } from '../json/documents.ts';
import type { Dialect } from '../llm/message.ts';
import type { AssemblyProblem } from '../llm/assembly.ts';
import type { StreamMetrics } from '../metrics/stream-metrics.ts';
import type { Block } from '../sse/block.ts';

/** Instances kept as evidence; all are counted. */
const KEPT = 5;

/** Something that happened some number of times, and its first instances. */
class Instances<T> {
  count = 0;
  readonly first: T[] = [];

  add(make: () => T): void {
    this.count++;
    if (this.first.length < KEPT) this.first.push(make());
  }
}

/** A document that is not what JSON should be. */
interface DocumentFact {
  readonly document: number;
  readonly seq: number;
  readonly at: number | null;
  readonly message: string;
}

/**
 * What the rules look at: counts and first instances, gathered while a capture is derived, at a fixed size however long the
 * stream is.
 */
export class StreamFacts {
  /** The last response, and how many bytes and events of it came. */
  response: ResponseRecord | null = null;
  end: EndRecord | null = null;
  /** Of the last body; null while neither its type nor a block of it has told. */
  framing: Framing | null = null;
  bytes = 0;
  events = 0;
  /** The last response's content coding where nothing could decode it: its bytes say nothing about the stream. */
  undecoded: string | null = null;
  /** Bytes were sent behind the end of a response, or of its compressed data: what was noted of them. */
  excess: string | null = null;
  /** Discarded at the end of a body although they had data. */
  readonly unfinished = new Instances<{
    readonly block: number;
    readonly start: number;
    readonly end: number;
  }>();
  readonly illFormed = new Instances<{ readonly block: number }>();
  readonly malformed = new Instances<DocumentFact>();
  readonly truncated = new Instances<DocumentFact>();
  readonly split = new Instances<DocumentFact>();
  completeDocuments = 0;

  record(record: CaptureRecord): void {
    if (record.kind === 'response') {
      this.response = record;
      this.framing = framingOfHeaders(record.headers);
      this.undecoded = null;
    } else if (record.kind === 'note' && record.note === 'warning') this.#warning(record.fields);
    else if (record.kind === 'end') this.end = record;
    else if (record.kind === 'chunk') this.bytes += record.bytes.length;
  }

  #warning({ code, text, coding }: JsonObject): void {
    if (code === 'unknown-coding') this.undecoded = typeof coding === 'string' ? coding : '';
    if (code === 'bytes-after-body' || code === 'bytes-after-content')
      this.excess ??= typeof text === 'string' ? text : '';
  }

  block(block: Block): void {
    this.framing = block.framing;
    if (block.kind === 'event') this.events++;
    if (block.kind === 'discarded' && block.data !== '') {
      this.unfinished.add(() => ({ block: block.index, start: block.range.start, end: block.range.end }));
    }
    if (block.illFormed && this.undecoded === null) this.illFormed.add(() => ({ block: block.index }));
  }

  document(document: JsonDocument): void {
    const fact = (): DocumentFact => ({
      document: document.index,
      seq: document.events[1],
      at: document.problem?.at ?? null,
      message: document.problem?.message ?? '',
    });
    if (document.state === 'complete') {
      this.completeDocuments++;
      if (document.events[0] !== document.events[1]) this.split.add(fact);
    } else if (document.state === 'malformed') this.malformed.add(fact);
    else if (document.state === 'partial') this.truncated.add(fact);
  }
}

/** Everything that a rule may look at. */
export interface Diagnosed {
  readonly facts: StreamFacts;
  readonly metrics: StreamMetrics;
  readonly dialect: Dialect | null;
  readonly problems: readonly AssemblyProblem[];
}
