import type { Records } from '../capture/capture-source.ts';
import { blocksOf } from './derivations.ts';

const COLUMNS = ['seq', 'type', 'data', 'lastEventId', 'start', 'end', 'firstChunk', 'lastChunk', 'at'];

/**
 * The dispatched events as CSV (RFC 4180: comma, CRLF, quotes doubled), with a header row.
 *
 * Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, and the content
 * of a stream is not trusted. Such a cell gets a leading apostrophe, which marks text in spreadsheets. So do the
 * full-width forms of these characters and a leading line feed. NDJSON has the exact data.
 */
export async function* exportCsv(records: Records): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const { seq, type, data, lastEventId, range, chunks, at } of blocksOf(records)) {
    if (seq === null) continue;
    const cells = [
      String(seq),
      csvCell(type),
      csvCell(data),
      csvCell(lastEventId),
      String(range.start),
      String(range.end),
      String(chunks[0]),
      String(chunks[1]),
      at === null ? '' : String(at),
    ];
    yield `${cells.join(',')}\r\n`;
  }
}

/** A cell with text from a stream: made harmless, and quoted if needed. */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
