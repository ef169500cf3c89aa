import { llmEvent } from '../llm/assembly.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { documentValue, type JsonDocument } from '../json/documents.ts';
import { StreamHead } from '../llm/dialect.ts';
import { dialectOfPayload } from '../llm/dialects.ts';
import type { GrowingText } from '../llm/growing-text.ts';
import { MessageAssembler } from '../llm/message-assembler.ts';
import type { Message } from '../llm/message.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { fingerprint, highLane, lowLane, spread } from './fingerprint.ts';
import { floats, integers } from './number-column.ts';
import { PayloadPaths } from './payload-paths.ts';

/** A text of the model, and the event of each part. */
export interface OutputText {
  /** Identifies the text across streams: its message, kind and place among texts of the kind. */
  readonly key: string;
  /** For people: `text`, `reasoning`, `arguments of get_weather`, with its message if there are several. */
  readonly label: string;
  readonly text: string;
  /** Length of the text (UTF-16 code units) after each delta, and the event (`seq`) of the delta. */
  readonly ends: Int32Array;
  readonly events: Int32Array;
}

/** A message without its texts. */
export interface MessageFacts {
  readonly choice: number;
  readonly role: string | null;
  readonly finishReason: string | null;
  readonly error: string | null;
  readonly tools: readonly string[];
}

/**
 * What a comparison needs of a stream: a few numbers per event and document, and the texts of the model. Arrays are
 * parallel: entry n belongs to event (or document) n.
 */
export interface StreamOutline {
  /** Dispatched events, by `seq`. */
  readonly events: {
    readonly count: number;
    /** Fingerprint of type and data. */
    readonly exact: Float64Array;
    /** Arrival of the last byte, ms since the request began; NaN if the capture has no times. */
    readonly at: Float64Array;
    /** Number of the arrival (chunks of one read), from 0. */
    readonly arrival: Int32Array;
  };
  /** JSON texts, complete or not, and data that is not JSON. */
  readonly documents: {
    readonly count: number;
    /** `seq` of the first and last event with text of it. */
    readonly first: Int32Array;
    readonly last: Int32Array;
    /** Fingerprint of the content, in two lanes; `rest` without a dialect's output text. */
    readonly low: Int32Array;
    readonly high: Int32Array;
    readonly restLow: Int32Array;
    readonly restHigh: Int32Array;
    /** Number of its set of paths in `paths`, or -1. */
    readonly shape: Int32Array;
    /** Fingerprint of its event type and set of paths. */
    readonly kind: Float64Array;
    /** Code units of a dialect's output text in it. */
    readonly output: Int32Array;
  };
  readonly paths: PayloadPaths;
  /** Documents in `paths`. */
  readonly payloads: number;
  readonly texts: readonly OutputText[];
  readonly messages: readonly MessageFacts[];
  /** Body chunks with bytes, and their arrivals. */
  readonly chunks: number;
  readonly arrivals: number;
  /** First body byte, ms since the request began; null if not known. */
  readonly firstByteAt: number | null;
  /** Blocks with only comments. */
  readonly comments: number;
  /** Status of the last response, or null. */
  readonly status: number | null;
  /** How the transport ended; null if the capture has no end record. */
  readonly end: string | null;
}

/** Reads the records of a capture into an outline: numbers per event, and the texts of the model. */
export class OutlineReader {
  readonly #pipeline: Pipeline;
  readonly #head: StreamHead;
  readonly #assembler: MessageAssembler;
  readonly #paths = new PayloadPaths();
  readonly #types: number[] = [];
  readonly #typeNames: string[] = [];
  readonly #exact = floats();
  readonly #at = floats();
  readonly #arrival = integers();
  readonly #first = integers();
  readonly #last = integers();
  readonly #low = integers();
  readonly #high = integers();
  readonly #restLow = integers();
  readonly #restHigh = integers();
  readonly #shape = integers();
  readonly #kind = floats();
  readonly #output = integers();
  #payloads = 0;
  #comments = 0;
  #chunks = 0;
  #arrivals = 0;
  #read = -1;
  #firstByteAt: number | null = null;
  #status: number | null = null;
  #end: string | null = null;

  /** @param url of the request: a hint at the dialect */
  constructor(url: string) {
    this.#head = new StreamHead(url);
    this.#assembler = new MessageAssembler(this.#head);
    this.#pipeline = new Pipeline({
      block: (block) => {
        if (block.kind === 'comment') this.#comments++;
        if (block.seq === null) return;
        const type = fingerprint(block.type);
        this.#types.push(type);
        this.#typeNames.push(block.type);
        this.#exact.push(fingerprint(block.data, lowLane(type)));
        this.#at.push(block.at ?? Number.NaN);
        this.#arrival.push(Math.max(0, this.#arrivals - 1));
      },
      blockExtended: () => undefined,
      document: (document) => this.#takeDocument(document),
    });
  }

  push(record: CaptureRecord): void {
    this.#head.record(record);
    switch (record.kind) {
      case 'chunk':
        if (record.bytes.length > 0) {
          this.#chunks++;
          if (record.read !== this.#read) this.#arrivals++;
          this.#read = record.read;
          this.#firstByteAt ??= record.at;
        }
        break;
      case 'response':
        this.#status = record.status;
        this.#read = -1;
        break;
      case 'end':
        this.#end = record.reason;
        break;
      case 'note':
        break;
    }
    this.#pipeline.push(record);
  }

  /** There are no more records. */
  end(): StreamOutline {
    if (this.#end === null) this.#pipeline.push({ kind: 'end', at: null, reason: 'premature-close' });
    this.#assembler.end();
    const { messages } = this.#assembler;
    return {
      events: {
        count: this.#exact.length,
        exact: this.#exact.array,
        at: this.#at.array,
        arrival: this.#arrival.array,
      },
      documents: {
        count: this.#first.length,
        first: this.#first.array,
        last: this.#last.array,
        low: this.#low.array,
        high: this.#high.array,
        restLow: this.#restLow.array,
        restHigh: this.#restHigh.array,
        shape: this.#shape.array,
        kind: this.#kind.array,
        output: this.#output.array,
      },
      paths: this.#paths,
      payloads: this.#payloads,
      texts: messages.flatMap((message, index) => textsOf(message, index, messages.length)),
      messages: messages.map(factsOf),
      chunks: this.#chunks,
      arrivals: this.#arrivals,
      firstByteAt: this.#firstByteAt,
      comments: this.#comments,
      status: this.#status,
      end: this.#end,
    };
  }

  #takeDocument(document: JsonDocument): void {
    const [first, last] = document.events;
    const type = this.#types[last] ?? 0;
    const value = documentValue(document);
    this.#assembler.push(llmEvent(document, this.#typeNames[last] ?? 'message'));
    this.#first.push(first);
    this.#last.push(last);
    const print =
      value === undefined ? null : this.#paths.print(value, dialectOfPayload(value, this.#head) !== null);
    if (print === null) {
      // Not JSON, or nested too deep: the text itself.
      const text = fingerprint(document.text, lowLane(type) ^ 3);
      this.#print(lowLane(text), highLane(text), lowLane(text), highLane(text), type);
      this.#shape.push(-1);
      this.#kind.push(fingerprint(document.state, lowLane(type)));
      this.#output.push(0);
      return;
    }
    this.#payloads++;
    const digits = print.hasLongNumber ? lowLane(fingerprint(longNumbers(document.text))) : 0;
    const { low, high, restLow, restHigh } = print;
    this.#print(low + digits, high + digits, restLow + digits, restHigh + digits, type);
    this.#shape.push(print.shape);
    this.#kind.push(fingerprint(String(print.kind), lowLane(type)));
    this.#output.push(print.output);
  }

  #print(low: number, high: number, restLow: number, restHigh: number, type: number): void {
    const typeLow = spread(lowLane(type), 5);
    const typeHigh = spread(highLane(type), 6);
    this.#low.push((low + typeLow) | 0);
    this.#high.push((high + typeHigh) | 0);
    this.#restLow.push((restLow + typeLow) | 0);
    this.#restHigh.push((restHigh + typeHigh) | 0);
  }
}

/** The digits of long numbers, of which a JavaScript number loses some. */
function longNumbers(text: string): string {
  return (text.match(/\d{16,}/g) ?? []).join();
}

function textsOf(message: Message, index: number, count: number): readonly OutputText[] {
  const places = new Map<string, number>();
  const ofMessage = count > 1 ? ` of message ${index + 1}` : '';
  return message.parts.flatMap((part) => {
    if (part.kind === 'other') return [];
    const place = places.get(part.kind) ?? 0;
    places.set(part.kind, place + 1);
    const text = part.kind === 'tool-call' ? part.arguments : part.text;
    const name = part.kind === 'tool-call' ? `arguments of ${part.name ?? 'a tool'}` : part.kind;
    const label = `${name}${place > 0 ? ` (${place + 1})` : ''}${ofMessage}`;
    return [{ key: `${index}/${part.kind}/${place}`, label, ...deltasOf(text) }];
  });
}

function deltasOf(text: GrowingText): Pick<OutputText, 'text' | 'ends' | 'events'> {
  const ends = new Int32Array(text.deltas);
  const events = new Int32Array(text.deltas);
  let n = 0;
  for (let at = 0; at < text.length; ) {
    const span = text.spanAt(at);
    if (span === null) break;
    // Several deltas of one event count as one.
    if (n === 0 || events[n - 1] !== span.seq) events[n++] = span.seq;
    ends[n - 1] = at = span.to;
  }
  return { text: text.toString(), ends: ends.subarray(0, n), events: events.subarray(0, n) };
}

function factsOf({ choice, role, finishReason, error, parts }: Message): MessageFacts {
  const tools = parts.flatMap((part) => (part.kind === 'tool-call' ? [part.name ?? ''] : []));
  return { choice, role, finishReason, error: error?.message ?? null, tools };
}
