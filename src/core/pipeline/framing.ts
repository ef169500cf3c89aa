import { type HeaderList, firstHeaderValue, mediaType } from '../headers.ts';
import type { NoteRecord } from '../capture/record.ts';
import { type Framing, framings } from '../sse/block.ts';
import { isWord } from '../vocabulary.ts';

/**
 * Media types of JSON lines. `application/json-seq` (RFC 7464) is none: a record separator (0x1E) comes before each of its
 * texts, which may then hold line feeds.
 */
const lineTypes = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
];

/** Media types that say nothing about the content. Any other, `application/json` too, says that it is no JSON lines. */
const mute = ['', 'text/plain', 'application/octet-stream', 'binary/octet-stream'];

/** The framing that a response's Content-Type names; null where it leaves that to the content. */
export function framingOfHeaders(headers: HeaderList): Framing | null {
  return framingOfType(firstHeaderValue(headers, 'content-type') ?? '');
}

/** The note that says how the bytes after it are cut into blocks, where the user said so and no Content-Type does. */
export function framingNote(framing: Framing): NoteRecord {
  return { kind: 'note', at: null, note: 'framing', fields: { framing } };
}

/** The framing that a note names; null where it names none. */
export function framingOfNote({ note, fields }: NoteRecord): Framing | null {
  const { framing } = fields;
  return note === 'framing' && isWord(framings, framing) ? framing : null;
}

/** As `framingOfHeaders`, of the field's value. */
export function framingOfType(contentType: string): Framing | null {
  const essence = mediaType(contentType);
  if (lineTypes.includes(essence)) return 'ndjson';
  return mute.includes(essence) ? null : 'event-stream';
}

/** White space at the beginning of a body, in bytes, after which nobody waits for its first line any longer. */
export const mostBlank = 1024;

const BOM = [0xef, 0xbb, 0xbf];
const bytesOf = (text: string): ReadonlySet<number> => new Set(new TextEncoder().encode(text));
/** JSON's white space, line endings among them. */
const white = bytesOf(' \t\r\n');
/** What comes first in an object, and in an array: a log's `[warning]` is none. */
const afterBrace = bytesOf('"}');
const afterBracket = bytesOf(']{["-0123456789tfn');

/**
 * The framing of a body that names none, told from how it begins: as JSON lines where its first line that is not blank begins
 * as a JSON object or array does, which no field of an event stream can. Null asks for more, never for more than
 * `mostBlank` bytes; the answer is the same however the bytes are cut.
 * @param body its first bytes, as far as they are there
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
