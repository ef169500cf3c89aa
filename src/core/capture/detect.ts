import { assertNever } from '../assert-never.ts';
import { framingOfContent } from '../framing.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/**
 * What a file is, told from its content.
 * - `ssecap`: a capture. `har`: an HTTP archive.
 * - `event-stream`: the bytes of a `text/event-stream` body. `ndjson`: those of one of JSON lines.
 * - `empty`: nothing but white space. `json`, `html`, `binary`, `text`: none of ours, and what it looks like instead.
 */
export type FileFormat =
  | 'ssecap'
  | 'har'
  | 'event-stream'
  | 'ndjson'
  | 'empty'
  | 'json'
  | 'html'
  | 'binary'
  | 'text';

/** Bytes after which a file is judged by what there is. */
export const DETECTION_WINDOW = 16 * 1024;

const fieldLine = /^(?:(?:data|event|id|retry)(?::.*)?|:.*)$/s;

/** Names that say that even a single JSON text is a line of many. */
const lineName = /\.(?:ndjson|jsonl|jsonlines)$/i;

/**
 * Tells a file's format from its first bytes. `ended` says that there are no more than these. Null asks for more: never
 * beyond `DETECTION_WINDOW`. An event stream that drips in is told at its first line, JSON lines where the second begins.
 * @param name of the file or its URL: decides between JSON lines and JSON where the content cannot, in a single long line
 */
export function detectFormat(start: Uint8Array, ended: boolean, name = ''): FileFormat | null {
  const final = ended || start.length >= DETECTION_WINDOW;
  if (isBinary(start)) return 'binary';
  // The window may cut a character in two: U+FFFD at the end does no harm here.
  const text = decodeUtf8(start).replace(/^\uFEFF/, '');
  const content = text.trimStart();
  if (content === '') return ended ? 'empty' : final ? 'text' : null;
  if (content.startsWith('{') || content.startsWith('[')) {
    // What the pipeline would not read as JSON lines is none.
    const mayBeLines = framingOfContent(start) === 'ndjson';
    return detectJson(content, final, mayBeLines, lineName.test(name));
  }
  const lines = text.split(/\r\n|\n|\r/);
  // The last line may go on.
  const whole = ended ? lines : lines.slice(0, -1);
  if (whole.some((line) => fieldLine.test(line))) return 'event-stream';
  if (!final) return null;
  if (/^data:|^:/.test(lines.at(-1) ?? '')) return 'event-stream';
  return content.startsWith('<') ? 'html' : 'text';
}

function detectJson(
  content: string,
  final: boolean,
  mayBeLines: boolean,
  namedLines: boolean,
): FileFormat | null {
  const lineEnd = content.indexOf('\n');
  const line = lineEnd < 0 ? content : content.slice(0, lineEnd);
  if (/^\{.*"format"\s*:\s*"ssecap"/.test(line)) return 'ssecap';
  if (/^\{\s*"log"\s*:\s*\{/.test(content)) return 'har';
  // Records without their header: the reader says what is missing.
  if (/^\{"kind":"(?:response|chunk|note|end)"/.test(line)) return final ? 'ssecap' : null;
  if (mayBeLines && lineEnd >= 0 && /^\s*[[{]/.test(content.slice(lineEnd)) && isJson(line)) return 'ndjson';
  if (!final) return null;
  if (mayBeLines && namedLines) return 'ndjson';
  return /"log"\s*:\s*\{/.test(content) ? 'har' : 'json';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isBinary(start: Uint8Array): boolean {
  if (start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b) return true;
  if (start.length >= 4 && start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd)
    return true;
  // A NUL is legal in an event stream, but no text begins with one.
  return start.subarray(0, 8).includes(0);
}

/** Why a file of a format that is none of ours cannot be opened: one sentence without the file's name. */
export function describeFormat(
  format: Exclude<FileFormat, 'ssecap' | 'har' | 'event-stream' | 'ndjson'>,
): string {
  const wanted = 'a capture (.ssecap.ndjson), a HAR file, an event stream or JSON lines';
  switch (format) {
    case 'empty':
      return 'the file is empty';
    case 'json':
      return `this is JSON, but not ${wanted}`;
    case 'html':
      return `this is an HTML or XML page, not ${wanted}`;
    case 'binary':
      return `this is a binary or compressed file, not ${wanted}`;
    case 'text':
      return `this is text without a single field of an event stream, not ${wanted}`;
    default:
      return assertNever(format);
  }
}
