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

/** Bytes kept from the start of the body, to name a content that is not an event stream. */
const KEPT_START = 512;
/** The most redirects and notes that are kept. */
const MOST_NOTES = 20;

/** A block and its bytes [start, end) of the decoded body. */
export interface BlockFact {
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

/** A flaw and its block. */
export interface FlawFact extends BlockFact {
  readonly flaw: BlockFlaw;
}

/**
 * What the rules read: counts and first instances, collected while a capture is derived. Fixed size for any length of
 * stream.
 */
export class StreamFacts {
  /** The last response. */
  response: ResponseRecord | null = null;
  responses = 0;
  end: EndRecord | null = null;
  /** Framing of the last body; null while not known. */
  framing: Framing | null = null;
  bytes = 0;
  wireBytes = 0;
  chunks = 0;
  events = 0;
  /** Of these, in the last response. */
  bodyEvents = 0;
  /** The last event ID of the newest event, or an empty text. */
  lastEventId = '';
  comments = 0;
  /** The content coding of the last response, if it could not be decoded: then its bytes say nothing about the stream. */
  undecoded: string | null = null;
  /** Notes about bytes after the end of a response or of its compressed data. */
  excess: string | null = null;
  /** The first bytes of the first body. */
  start = new Uint8Array(0);
  /** Blocks with data that were discarded at the end of a body. */
  readonly unfinished = new Instances<BlockFact>();
  readonly illFormed = new Instances<BlockFact>();
  /** Blocks that exceed the limits. */
  readonly cut = new Instances<BlockFact>();
  readonly unknownFields = new Instances<FlawFact>();
  /** Fields named `error`, which clients ignore: llama.cpp sends errors in the middle of a stream this way. */
  readonly errorFields = new Instances<BlockFact & { readonly value: string }>();
  readonly strayBoms = new Instances<FlawFact>();
  readonly nullIds = new Instances<FlawFact>();
  readonly invalidRetries = new Instances<FlawFact>();
  /** Chunks that end inside a UTF-8 sequence, and blocks that span several chunks. */
  readonly splitCharacters = new Instances<{ readonly chunk: number }>();
  readonly splitEvents = new Instances<BlockFact & { readonly first: number; readonly last: number }>();
  readonly redirects: NoteRecord[] = [];
  /** The first few log notes, without those about single events. */
  readonly notes: NoteRecord[] = [];
  readonly arrivals = new ArrivalFacts();
  readonly clocks = new PayloadClocks();
  readonly json = new JsonFacts();
  readonly lineEndings = new LineEndings();
  readonly reconnections = new Reconnections();
  readonly server = new ServerFacts();
  #openCharacter = false;

  /** Reads a record, before the pipeline derives anything from it. */
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

  /** The value of a response header field, several joined with ", "; null if absent. */
  header(name: string): string | null {
    return this.response === null ? null : headerValue(this.response.headers, name);
  }

  /** The content coding of the body; null for none or `identity`. */
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

  /** Reads body bytes, unless they are in an unknown coding and not text. */
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

/** Whether a note repeats an event that EventSource dispatched. */
function isEventNote({ fields }: NoteRecord): boolean {
  const { text } = fields;
  return typeof text === 'string' && text.startsWith('EventSource: event ');
}

/** What the rules read of a request. */
export type DiagnosedRequest = Pick<CaptureRequest, 'method' | 'url' | 'headers' | 'client'>;

/** Everything that a rule can read. */
export interface DiagnosisInput {
  readonly request: DiagnosedRequest;
  readonly facts: StreamFacts;
  readonly metrics: StreamMetrics;
  readonly dialect: DialectName | null;
  readonly problems: readonly AssemblyProblem[];
  /** How the message ended. */
  readonly messageEnd: MessageEnd;
}
