import { type HeaderList, firstHeaderValue, mediaType } from '../headers.ts';
import type { NoteRecord } from '../capture/record.ts';
import { type Framing, framings } from '../sse/block.ts';
import { isWord } from '../vocabulary.ts';

/**
 * Media types of JSON lines. `application/json-seq` (RFC 7464) is not one of them: a record separator (0x1E) precedes
 * each text, and a text may contain line feeds.
 */
const lineTypes = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
];

/** Media types that say nothing about the content. Every other type, including `application/json`, rules out JSON lines. */
const mute = ['', 'text/plain', 'application/octet-stream', 'binary/octet-stream'];

/** The framing that a response's Content-Type names; null where the content must decide. */
export function framingOfHeaders(headers: HeaderList): Framing | null {
  return framingOfType(firstHeaderValue(headers, 'content-type') ?? '');
}

/** The note that states how the following bytes are divided into blocks: written when the user chose the framing. */
export function framingNote(framing: Framing): NoteRecord {
  return { kind: 'note', at: null, note: 'framing', fields: { framing } };
}

/** The framing that a note states, or null. */
export function framingOfNote({ note, fields }: NoteRecord): Framing | null {
  const { framing } = fields;
  return note === 'framing' && isWord(framings, framing) ? framing : null;
}

/** As `framingOfHeaders`, from the value of the Content-Type field. */
export function framingOfType(contentType: string): Framing | null {
  const essence = mediaType(contentType);
  if (lineTypes.includes(essence)) return 'ndjson';
  return mute.includes(essence) ? null : 'event-stream';
}

/** Bytes of white space at the start of a body after which the framing no longer waits for the first line. */
export const mostBlank = 1024;

const BOM = [0xef, 0xbb, 0xbf];
const bytesOf = (text: string): ReadonlySet<number> => new Set(new TextEncoder().encode(text));
/** The white space of JSON, including line endings. */
const white = bytesOf(' \t\r\n');
/** What can follow the opening brace of an object, or the bracket of an array. `[warning]` of a log does not qualify. */
const afterBrace = bytesOf('"}');
const afterBracket = bytesOf(']{["-0123456789tfn');

/**
 * Detects the framing of a body without a telling Content-Type. It is JSON lines if the first line that is not blank
 * begins like a JSON object or array; no field of an event stream does. Null: more bytes are needed, at most
 * `mostBlank`. The answer does not depend on how the bytes are cut.
 * @param body the bytes so far
 */
export function framingOfContent(body: Uint8Array): Framing | null {
  const start = body.subarray(0, mostBlank);
  let at = 0;
  while (at < BOM.length && start[at] === BOM[at]) at++;
  if (at < BOM.length) {
    if (at === start.length) return null;
    if (at > 0) return 'event-stream';
  }
  at = skipWhite(start, at);
  const first = start[at];
  if (first === 0x7b || first === 0x5b) {
    const next = start[skipWhite(start, at + 1)];
    if (next !== undefined) {
      return (first === 0x7b ? afterBrace : afterBracket).has(next) ? 'ndjson' : 'event-stream';
    }
  } else if (first !== undefined) return 'event-stream';
  return start.length < mostBlank ? null : 'event-stream';
}

function skipWhite(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && white.has(bytes[at] as number)) at++;
  return at;
}
