import { OutlineReader, type StreamOutline } from '../core/compare/stream-outline.ts';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { Pipeline } from '../core/pipeline/pipeline.ts';
import { type CaptureInput, shown } from './capture-input.ts';
import { SummaryCounter, type SummaryRecord } from './capture-summary.ts';
import { CommandFailure, ExitStatus } from './exit-status.ts';
import { inputCaptures } from './input-captures.ts';

/** A capture that was read: what its comparison needs, and its figures. */
export interface ComparedCapture {
  /** The file's, or the URL's. */
  readonly path: string;
  readonly outline: StreamOutline;
  readonly summary: SummaryRecord;
}

/** Reads a capture's records, once, into what a comparison needs. */
export class ComparedCaptureReader {
  readonly #path: string;
  readonly #outline: OutlineReader;
  readonly #counter: SummaryCounter;
  readonly #pipeline: Pipeline;
  #ended = false;

  constructor(path: string, header: CaptureHeader) {
    this.#path = path;
    this.#outline = new OutlineReader(header.request.url);
    const counter = new SummaryCounter(header);
    this.#counter = counter;
    this.#pipeline = new Pipeline({
      block: (block) => counter.block(block),
      blockGrew: () => undefined,
      document: (document) => counter.document(document),
    });
  }

  push(record: CaptureRecord): void {
    this.#outline.push(record);
    this.#counter.record(record);
    this.#pipeline.push(record);
    if (record.kind === 'end') this.#ended = true;
  }

  /** There are no more records. */
  end(): ComparedCapture {
    if (!this.#ended) this.#pipeline.push({ kind: 'end', at: null, reason: 'premature-close' });
    return { path: this.#path, outline: this.#outline.end(), summary: this.#counter.summary() };
  }
}

/** Reads the first capture of a file. Throws a `CommandFailure` (unreadable). */
export async function readComparedCapture(
  input: CaptureInput,
  tell: (message: string) => void,
): Promise<ComparedCapture> {
  const { path } = input;
  let read: ComparedCapture | null = null;
  let count = 0;
  for await (const capture of inputCaptures(input, (message) => tell(`${shown(path)}: ${message}`))) {
    if (count++ > 0) continue;
    const reader = new ComparedCaptureReader(path, capture.header);
    for await (const record of capture.records()) reader.push(record);
    read = reader.end();
  }
  if (read === null) throw new CommandFailure(ExitStatus.unreadable, `${shown(path)} holds no capture`);
  if (count > 1) tell(`${shown(path)} holds ${count} captures: the first is compared`);
  return read;
}
