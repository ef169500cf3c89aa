import { assertNever } from '../assert-never.ts';
import { framingOfContent } from '../pipeline/framing.ts';
import { isEventLine } from './event-lines-reader.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/**
 * Formats of capture files.
 * - `event-stream`: the bytes of a `text/event-stream` body. `ndjson`: the bytes of a body of JSON lines.
 * - `har`: an HTTP archive. `ssecap`: a capture, as this program writes it.
 */
export const captureFileFormats = ['event-stream', 'ndjson', 'har', 'ssecap'] as const;
export type CaptureFileFormat = (typeof captureFileFormats)[number];

/**
 * What a file is, by its content: a format that can be opened, or what it looks like. `events` is an export of events:
 * JSON lines of event records. `empty` is white space only.
 */
export type FileFormat = CaptureFileFormat | 'events' | 'empty' | 'json' | 'html' | 'binary' | 'text';

/** Bytes after which the format is decided. */
export const DETECTION_WINDOW = 16 * 1024;

const namedField = /^(?:data|event|id|retry)(?::.*)?$/s;

/** File names that mean JSON lines, even with a single line. */
const lineName = /\.(?:ndjson|jsonl|jsonlines)$/i;

/** First bytes of compressed files and images: gzip, Zstandard, ZIP, PNG. */
const signatures = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x50, 0x4b, 0x03, 0x04],
  [0x89, 0x50, 0x4e, 0x47],
];

/**
 * Detects the format of a file from its first bytes. `ended`: there are no more. Null: more bytes are needed, at most
 * `DETECTION_WINDOW`. An event stream is detected at its first line, JSON lines when the second line begins.
 * @param name of the file, or its URL: decides between JSON lines and JSON for a single long line
 */
export function detectFormat(start: Uint8Array, ended: boolean, name = ''): FileFormat | null {
  const final = ended || start.length >= DETECTION_WINDOW;
  if (hasSignature(start)) return 'binary';
  // The window may cut a character in two. U+FFFD at the end is harmless here.
  const text = decodeUtf8(start).replace(/^\uFEFF/, '');
  const content = text.trimStart();
  if (content === '') return ended ? 'empty' : final ? 'text' : null;
  if (content.startsWith('{') || content.startsWith('[')) {
    // The pipeline must be able to read it as JSON lines, too.
    const mayBeLines = framingOfContent(start) === 'ndjson';
    return detectJson(content, final, mayBeLines, lineName.test(name));
  }
  const lines = text.split(/\r\n|\n|\r/);
  // The last line may be incomplete.
  const whole = ended ? lines : lines.slice(0, -1);
  // An event stream may contain NUL, but most files with NUL are binary, and some of their lines start with ":" by chance.
  const hasNul = start.includes(0);
  const first = whole.find((line) => line !== '') ?? '';
  const isField = (line: string): boolean =>
    namedField.test(line) || (line.startsWith(':') && (!hasNul || line === first));
  if (whole.some(isField)) return 'event-stream';
  if (!final) return null;
  const last = lines.at(-1) ?? '';
  if (last.startsWith('data:') || (last.startsWith(':') && !hasNul)) return 'event-stream';
  if (hasNul) return 'binary';
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
  // Records without a header: the reader reports what is missing.
  if (/^\{"kind":"(?:response|chunk|note|end)"/.test(line)) return final ? 'ssecap' : null;
  if ((lineEnd >= 0 || final) && isEventLine(line, lineEnd >= 0)) return 'events';
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

function hasSignature(start: Uint8Array): boolean {
  return signatures.some((bytes) => bytes.every((byte, at) => start[at] === byte));
}

/** Why a file of another format cannot be opened: one sentence without the file's name. */
export function describeFormat(format: Exclude<FileFormat, CaptureFileFormat | 'events'>): string {
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
