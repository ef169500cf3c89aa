import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { CaptureSource } from '../core/capture/capture-source.ts';
import { captureFileFormats, type CaptureFileFormat } from '../core/import/file-format.ts';
import { CaptureFileReader } from '../core/import/capture-file.ts';
import type { CaptureProblem } from '../core/capture/capture-problem.ts';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { fileFailure, displayPath, unreadable, usageFailure } from './command-failure.ts';
import { oneOf, optional, wholeNumber } from './option.ts';

/** What is read from an input, in order. Each header starts a capture. */
type InputItem =
  | { readonly kind: 'header'; readonly header: CaptureHeader; readonly isHeld: boolean }
  | { readonly kind: 'record'; readonly record: CaptureRecord }
  | { readonly kind: 'problem'; readonly problem: CaptureProblem };

/** A source of captures. */
export interface CaptureInput {
  /** A file, or "-" for standard input. */
  readonly path: string;
  /** The format to read it in; detected from the content by default. */
  readonly format?: CaptureFileFormat | undefined;
}

/** `--format NAME`, of each command that reads captures. */
export const formatOption = optional({
  placeholder: 'NAME',
  type: oneOf(captureFileFormats),
  help: 'input format; by default detected',
});

/** `--capture N`, of each command that works on one capture. */
export const captureOption = optional({
  placeholder: 'N',
  type: wholeNumber(1, 1_000_000),
  help: 'number of the capture, from 1; needed if the file contains several',
});

/** One capture of an input. Read its records before the next capture. */
export interface InputCapture {
  /** Number in the input, from 0. */
  readonly index: number;
  readonly header: CaptureHeader;
  /** The whole input is in memory. Reading it again would cost that memory again. */
  readonly isHeld: boolean;
  records(): AsyncGenerator<CaptureRecord>;
}

/**
 * The captures of an input, in order, as they are read. `report` gets each damage, also while records are read. Records
 * that the caller does not read are skipped.
 */
export async function* inputCaptures(
  input: CaptureInput,
  report: (message: string, index: number) => void,
): AsyncGenerator<InputCapture> {
  const items = readInput(input);
  let next: IteratorResult<InputItem> = await items.next();
  let index = -1;
  async function* records(): AsyncGenerator<CaptureRecord> {
    for (; next.done !== true && next.value.kind !== 'header'; next = await items.next()) {
      if (next.value.kind === 'problem') report(next.value.problem.message, index);
      else yield next.value.record;
    }
  }
  try {
    while (next.done !== true) {
      if (next.value.kind === 'header') {
        const { header, isHeld } = next.value;
        index++;
        next = await items.next();
        yield { index, header, isHeld, records };
      }
      // Unread records, or a problem before the first capture.
      const rest = records();
      while ((await rest.next()).done !== true);
    }
  } finally {
    await items.return(undefined);
  }
}

/**
 * The capture of an input that a command works on, whose records can be read several times.
 * @param wanted its number, from 1; undefined for the only one
 * @throws CommandFailure (usage) if there is no such capture, or no number and several captures
 */
export async function chosenSource(
  input: CaptureInput,
  wanted: number | undefined,
  report: (message: string) => void,
): Promise<CaptureSource> {
  const chosen = (wanted ?? 1) - 1;
  let header: CaptureHeader | null = null;
  let count = 0;
  const held: CaptureRecord[] = [];
  let twice = true;
  for await (const capture of inputCaptures(input, (message, index) => index === chosen && report(message))) {
    count++;
    if (capture.index !== chosen) continue;
    header = capture.header;
    // Standard input cannot be read twice.
    twice = input.path !== '-' && !capture.isHeld;
    if (!twice) for await (const record of capture.records()) held.push(record);
  }
  const path = displayPath(input.path);
  if (wanted === undefined && count > 1)
    throw usageFailure(`${path} contains ${count} captures: choose one with --capture 1 to ${count}`);
  if (header === null) throw usageFailure(`Capture ${wanted ?? 1} does not exist: ${path} contains ${count}`);
  return { header, records: twice ? () => recordsOf(input, chosen) : () => held };
}

async function* recordsOf(input: CaptureInput, wanted: number): AsyncGenerator<CaptureRecord> {
  for await (const capture of inputCaptures(input, () => undefined)) {
    if (capture.index !== wanted) continue;
    yield* capture.records();
    return;
  }
}

/** Bytes per read. Also the size of the chunks of a raw event-stream file. */
const PIECE = 64 * 1024;

/**
 * Reads an input piece by piece. Only a HAR is held in memory as a whole.
 * @throws CommandFailure (unreadable)
 */
async function* readInput({ path, format }: CaptureInput): AsyncGenerator<InputItem> {
  const facts = path === '-' ? stdinFacts() : await fileFacts(path);
  const items: InputItem[] = [];
  const reader = new CaptureFileReader(
    facts,
    {
      header: (header) => items.push({ kind: 'header', header, isHeld: reader.format === 'har' }),
      record: (record) => items.push({ kind: 'record', record }),
      problem: (problem) => items.push({ kind: 'problem', problem }),
    },
    { format },
  );
  const stream: AsyncIterable<Buffer> =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE });
  try {
    for await (const piece of stream) {
      reader.push(piece);
      yield* checked(items.splice(0), path);
    }
  } catch (error) {
    throw fileFailure('read', path, error);
  }
  reader.end();
  yield* checked(items, path);
}

function* checked(items: readonly InputItem[], path: string): Generator<InputItem> {
  for (const item of items) {
    if (item.kind === 'problem' && item.problem.fatal) {
      throw unreadable(`Cannot open ${displayPath(path)}: ${item.problem.message}`);
    }
    yield item;
  }
}

function stdinFacts(): { url: string; modifiedAt: string } {
  return { url: 'stdin:', modifiedAt: new Date().toISOString() };
}

async function fileFacts(path: string): Promise<{ url: string; modifiedAt: string }> {
  try {
    const { mtime } = await stat(path);
    return { url: pathToFileURL(path).href, modifiedAt: mtime.toISOString() };
  } catch (error) {
    throw fileFailure('read', path, error);
  }
}
