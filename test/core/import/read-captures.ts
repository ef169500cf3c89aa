import { CaptureFileReader, type CaptureFileOptions } from '../../../src/core/import/capture-file.ts';
import type { CaptureProblem } from '../../../src/core/capture/capture-problem.ts';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import type { CaptureSink } from '../../../src/core/capture/ssecap-reader.ts';

/** What a file was found to hold. */
export interface ReadFile {
  readonly captures: readonly {
    readonly header: CaptureHeader;
    readonly records: readonly CaptureRecord[];
  }[];
  readonly problems: readonly CaptureProblem[];
}

/** Reads a file that holds captures from memory, in pieces of `size` bytes. */
export function readCaptures(
  file: Uint8Array | string,
  size = 4096,
  options: CaptureFileOptions = {},
): ReadFile {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const captures: { header: CaptureHeader; records: CaptureRecord[] }[] = [];
  const problems: CaptureProblem[] = [];
  const facts = { url: 'file:///made-up.sse', modifiedAt: '2026-01-02T03:04:05.678Z' };
  const sink: CaptureSink = {
    header: (header) => captures.push({ header, records: [] }),
    record: (record) => captures.at(-1)?.records.push(record),
    problem: (problem) => problems.push(problem),
  };
  const reader = new CaptureFileReader(facts, sink, options);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  reader.end();
  return { captures, problems };
}

/** Puts the pieces of an export together. */
export async function collect(pieces: AsyncIterable<string | Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces)
    parts.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
  return new Uint8Array(Buffer.concat(parts));
}
