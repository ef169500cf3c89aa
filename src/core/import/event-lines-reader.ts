import { decodeExactly } from '../text/utf8.ts';
import type { CaptureTime } from '../capture-time.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/json-value.ts';
import { parseBounded } from '../capture/bounded-json.ts';
import { EventStreamWriter, type DispatchedEvent } from './event-stream-writer.ts';
import { FileLines, MAX_LINE, type FileLine } from '../capture/file-lines.ts';
import type { CaptureHeader } from '../capture/record.ts';
import type { CaptureSink } from '../capture/ssecap-reader.ts';

/** One event of an export and its source. */
interface ExportedEvent extends DispatchedEvent {
  readonly at: CaptureTime;
  /** Number of the chunk that ended it. */
  readonly chunk: number;
  /** Number of its capture in the file that was exported. */
  readonly capture: number;
}

/** How an export of events begins: its first line, as far as it was read. */
const beginning = /^\{"seq":(?:\d+|null),(?:"kind":"[a-z-]+",)?"type":"(?:[^"\\]|\\.)*","data":"/;

/**
 * Whether a file with this first line is an export of events (`exportEventLines`, or `--as events` of the command
 * line).
 * @param isWhole the line is complete
 */
export function isEventLine(line: string, isWhole: boolean): boolean {
  if (!beginning.test(line)) return false;
  if (!isWhole) return true;
  const parsed = parseBounded(line);
  return 'value' in parsed && (exportedEvent(parsed.value) !== null || isOtherBlock(parsed.value));
}

/**
 * Reads an export of events and rebuilds an event stream: one chunk per event, at its time. The file does not have the
 * original bytes; a problem and a note say so. Blocks that dispatched nothing are skipped.
 */
export class EventLinesReader {
  readonly #sink: CaptureSink;
  readonly #header: CaptureHeader;
  readonly #lines = new FileLines(MAX_LINE, (line) => this.#take(line));
  #writer = new EventStreamWriter();
  /** Number of the current capture; null before the first. */
  #capture: number | null = null;

  /** @param header for each capture: the file has none */
  constructor(header: CaptureHeader, sink: CaptureSink) {
    this.#header = header;
    this.#sink = sink;
  }

  push(piece: Uint8Array): void {
    this.#lines.push(piece);
  }

  end(): void {
    this.#lines.end();
    if (this.#capture !== null) {
      this.#sink.record({ kind: 'end', at: null, reason: 'complete' });
      return;
    }
    const message = 'the file is an export of events without a complete event';
    this.#sink.problem({ code: 'damaged-file', message, fatal: true, line: null, bytes: null });
  }

  #take({ number, bytes, ended, skipped }: FileLine): void {
    const text = skipped > 0 ? null : decodeExactly(bytes);
    if (text !== null && text.trim() === '') return;
    const parsed = text === null ? null : parseBounded(text.replace(/^\uFEFF/, ''));
    const value = parsed !== null && 'value' in parsed ? parsed.value : null;
    const event = exportedEvent(value);
    if (event !== null) this.#event(event);
    else if (!isOtherBlock(value)) {
      const what = ended
        ? `line ${number} is not an event and was skipped`
        : `the file ends inside line ${number}, which was skipped`;
      this.#sink.problem({
        code: ended ? 'damaged-line' : 'torn-tail',
        message: what,
        fatal: false,
        line: number,
        bytes: bytes.length + skipped,
      });
    }
  }

  #event(event: ExportedEvent): void {
    if (this.#capture !== event.capture) this.#begin(event.capture);
    const bytes = this.#writer.write(event);
    const { at, chunk } = event;
    this.#sink.record({ kind: 'chunk', at, read: chunk, wireBytes: bytes.length, bytes });
  }

  #begin(capture: number): void {
    if (this.#capture === null) {
      const message = 'the file has events without their bytes: the event stream was rebuilt from them';
      this.#sink.problem({ code: 'rebuilt-body', message, fatal: false, line: null, bytes: null });
    } else this.#sink.record({ kind: 'end', at: null, reason: 'complete' });
    this.#capture = capture;
    this.#writer = new EventStreamWriter();
    this.#sink.header(this.#header);
    const text = 'The file has no body. It was rebuilt from the exported events.';
    this.#sink.record({ kind: 'note', at: null, note: 'log', fields: { text } });
  }
}

function exportedEvent(value: JsonValue): ExportedEvent | null {
  if (!isJsonObject(value)) return null;
  const { seq, kind = 'event', type, data, lastEventId, range, chunks, at, capture = 0 } = value;
  if (typeof seq !== 'number' || kind !== 'event' || at === undefined || !isJsonArray(range)) return null;
  if (typeof type !== 'string' || typeof data !== 'string' || typeof lastEventId !== 'string') return null;
  const chunk = isJsonArray(chunks) ? chunks[1] : undefined;
  if (typeof chunk !== 'number' || !Number.isSafeInteger(chunk) || chunk < 0) return null;
  return {
    type,
    data,
    lastEventId,
    at: typeof at === 'number' && Number.isFinite(at) ? at : null,
    chunk,
    capture: typeof capture === 'number' ? capture : 0,
  };
}

/** Whether a line describes a block that dispatched nothing, as `--all` writes it. */
function isOtherBlock(value: JsonValue): boolean {
  return isJsonObject(value) && value['seq'] === null && typeof value['kind'] === 'string';
}
