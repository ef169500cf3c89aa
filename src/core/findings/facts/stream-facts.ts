import { headerValue } from '../../headers.ts';
import type {
  CaptureRecord,
  CaptureRequest,
  ChunkRecord,
  EndRecord,
  NoteRecord,
  ResponseRecord,
} from '../../capture/record.ts';
import { framingOfHeaders } from '../../pipeline/framing.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { documentValue, type JsonDocument } from '../../json/documents.ts';
import type { AssemblyProblem } from '../../llm/assembly.ts';
import type { DialectName } from '../../llm/dialects.ts';
import type { MessageEnd } from '../../llm/message.ts';
import type { StreamMetrics } from '../../metrics/stream-metrics.ts';
import type { Block, BlockFlaw, Framing } from '../../sse/block.ts';
import { sequenceBoundary } from '../../text/utf8.ts';
import { ArrivalFacts } from './arrivals.ts';
import { PayloadClocks } from './clocks.ts';
import { Instances } from './instances.ts';
import { JsonFacts } from './json-facts.ts';
import { LineEndings } from './line-endings.ts';
import { Reconnections } from './reconnections.ts';
import { ServerFacts } from './server-facts.ts';

/** Bytes of the body's beginning that are kept, to name what it is instead of an event stream. */
const KEPT_START = 512;
/** Redirects and notes that are kept. */
const MOST_NOTES = 20;

/** A block and its bytes [start, end) of the decoded body. */
export interface BlockFact {
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

/** A flaw and the block that has it. */
export interface FlawFact extends BlockFact {
  readonly flaw: BlockFlaw;
}

/**
 * What the rules look at: counts and first instances, gathered while a capture is derived, at a fixed size however long the
 * stream is.
 */
export class StreamFacts {
  /** The last response. */
  response: ResponseRecord | null = null;
  responses = 0;
  end: EndRecord | null = null;
  /** Of the last body; null while neither its type nor a block of it has shown it. */
  framing: Framing | null = null;
  bytes = 0;
  wireBytes = 0;
  chunks = 0;
  events = 0;
  /** Of those, the last response's. */
  bodyEvents = 0;
  /** The last event ID of the newest event; empty while there is none. */
  lastEventId = '';
  comments = 0;
  /** The last response's content coding where nothing could decode it: its bytes say nothing about the stream. */
  undecoded: string | null = null;
  /** Bytes were sent behind the end of a response, or of its compressed data: what the note says. */
  excess: string | null = null;
  /** The first bytes of the first body. */
  start = new Uint8Array(0);
  /** Discarded at the end of a body although they had data. */
  readonly unfinished = new Instances<BlockFact>();
  readonly illFormed = new Instances<BlockFact>();
  /** Blocks that are too long to be kept whole. */
  readonly cut = new Instances<BlockFact>();
  readonly unknownFields = new Instances<FlawFact>();
  /** Fields named `error`, which no client sees: llama.cpp sends an error so in the middle of a stream. */
  readonly errorFields = new Instances<BlockFact & { readonly value: string }>();
  readonly strayBoms = new Instances<FlawFact>();
  readonly nullIds = new Instances<FlawFact>();
  readonly invalidRetries = new Instances<FlawFact>();
  /** Chunks that ended inside a UTF-8 sequence, and blocks with bytes in several chunks. */
  readonly splitCharacters = new Instances<{ readonly chunk: number }>();
  readonly splitEvents = new Instances<BlockFact & { readonly first: number; readonly last: number }>();
  readonly redirects: NoteRecord[] = [];
  /** Log notes, the first few, without those of single events. */
  readonly notes: NoteRecord[] = [];
  readonly arrivals = new ArrivalFacts();
  readonly clocks = new PayloadClocks();
  readonly json = new JsonFacts();
  readonly lineEndings = new LineEndings();
  readonly reconnections = new Reconnections();
  readonly server = new ServerFacts();
  #openCharacter = false;

  /** A record, before the pipeline derives anything from it. */
  record(record: CaptureRecord): void {
    switch (record.kind) {
      case 'response':
        this.response = record;
        this.responses++;
        this.bodyEvents = 0;
        this.undecoded = null;
        this.framing = framingOfHeaders(record.headers);
        this.arrivals.response(record.at);
        this.#endBody();
        return;
      case 'chunk':
        this.#chunk(record);
        return;
      case 'note':
        this.#note(record);
        return;
      case 'end':
        this.end = record;
        this.arrivals.end(record.at);
        this.reconnections.end();
        this.#endBody();
    }
  }

  block(block: Block): void {
    this.framing = block.framing;
    this.arrivals.block(block);
    const fact = (): BlockFact => ({
      block: block.index,
      start: block.range.start,
      end: block.range.end,
    });
    if (block.log.length > 0) {
      this.server.block(block, this.events);
      for (const line of block.log) if (line.kind === 'yield') this.clocks.logged(line.at);
    }
    if (block.kind === 'event') {
      this.events++;
      this.bodyEvents++;
      this.clocks.event(block.at, block.seq ?? 0);
      this.lastEventId = block.lastEventId;
      this.reconnections.event(block);
    } else if (block.kind === 'comment') this.comments++;
    if (this.undecoded !== null) return;
    if (block.kind === 'discarded') {
      if (block.data !== '') this.unfinished.add(fact);
      return;
    }
    if (block.illFormed) this.illFormed.add(fact);
    if (block.cut) this.cut.add(fact);
    if (block.chunks[0] !== block.chunks[1] && block.kind !== 'blank')
      this.splitEvents.add(() => ({ ...fact(), first: block.chunks[0], last: block.chunks[1] }));
    for (const flaw of block.flaws) {
      this.#flawsOf(flaw).add(() => ({ ...fact(), flaw }));
      if (flaw.kind !== 'unknown-field' || flaw.name !== 'error' || flaw.value === '') continue;
      this.errorFields.add(() => ({ ...fact(), value: flaw.value }));
    }
  }

  document(document: JsonDocument): void {
    this.json.document(document);
    this.clocks.document(documentValue(document), document.at, document.events[1]);
  }

  /** The value of a response header field, several joined with ", "; null where it is absent. */
  header(name: string): string | null {
    return this.response === null ? null : headerValue(this.response.headers, name);
  }

  /** The content coding that the body came in; null for none or `identity`. */
  get coding(): string | null {
    const value = this.header('content-encoding')?.trim().toLowerCase() ?? '';
    return value === '' || value === 'identity' ? null : value;
  }

  #chunk({ at, bytes, wireBytes }: ChunkRecord): void {
    const index = this.chunks++;
    this.arrivals.chunk(at, bytes, wireBytes);
    this.wireBytes += wireBytes;
    this.bytes += bytes.length;
    if (bytes.length === 0) return;
    if (this.undecoded === null) this.#text(bytes, index);
    if (this.start.length >= KEPT_START) return;
    const start = new Uint8Array(Math.min(KEPT_START, this.start.length + bytes.length));
    start.set(this.start);
    start.set(bytes.subarray(0, start.length - this.start.length), this.start.length);
    this.start = start;
  }

  /** Bytes of a body that is not in an unknown coding: only those are text. */
  #text(bytes: Uint8Array, index: number): void {
    if (this.#openCharacter) this.splitCharacters.add(() => ({ chunk: index - 1 }));
    this.#openCharacter = sequenceBoundary(bytes, 0, bytes.length) < bytes.length;
    this.lineEndings.push(bytes);
  }

  #note(note: NoteRecord): void {
    this.clocks.note(note);
    if (note.note === 'reconnect') {
      this.reconnections.note(note);
      this.server.reconnect(note);
      this.#endBody();
    } else if (note.note === 'warning') this.#warning(note.fields);
    else if (note.note === 'redirect') {
      if (this.redirects.length < MOST_NOTES) this.redirects.push(note);
    } else if (note.note === 'log' && this.notes.length < MOST_NOTES && !isEventNote(note))
      this.notes.push(note);
  }

  #warning({ code, text, coding }: JsonObject): void {
    if (code === 'unknown-coding') this.undecoded = typeof coding === 'string' ? coding : '';
    if (code === 'bytes-after-body' || code === 'bytes-after-content')
      this.excess ??= typeof text === 'string' ? text : '';
  }

  #endBody(): void {
    this.#openCharacter = false;
    this.lineEndings.endBody();
  }

  #flawsOf(flaw: BlockFlaw): Instances<FlawFact> {
    switch (flaw.kind) {
      case 'unknown-field':
        return this.unknownFields;
      case 'stray-bom':
        return this.strayBoms;
      case 'id-contains-null':
        return this.nullIds;
      case 'retry-invalid':
        return this.invalidRetries;
    }
  }
}

/** What EventSource dispatched, which the events say themselves. */
function isEventNote({ fields }: NoteRecord): boolean {
  const { text } = fields;
  return typeof text === 'string' && text.startsWith('EventSource: event ');
}

/** What of a request the rules look at. */
export type DiagnosedRequest = Pick<CaptureRequest, 'method' | 'url' | 'headers' | 'client'>;

/** Everything that a rule may look at. */
export interface DiagnosisInput {
  readonly request: DiagnosedRequest;
  readonly facts: StreamFacts;
  readonly metrics: StreamMetrics;
  readonly dialect: DialectName | null;
  readonly problems: readonly AssemblyProblem[];
  /** How the dialect ended. */
  readonly messageEnd: MessageEnd;
}
