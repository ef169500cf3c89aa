import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { captureFileFormats, type CaptureFileFormat } from '../core/capture/detect.ts';
import { CaptureFileReader } from '../core/capture/capture-file.ts';
import type { CaptureProblem } from '../core/capture/capture-problem.ts';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { CommandFailure, ExitStatus } from './exit-status.ts';
import { oneOf } from './parse-options.ts';

/** What a file that holds captures gives, in order: a header begins a capture. */
export type InputItem =
  | { readonly kind: 'header'; readonly header: CaptureHeader }
  | { readonly kind: 'record'; readonly record: CaptureRecord }
  | { readonly kind: 'problem'; readonly problem: CaptureProblem };

/** Where captures are read from. */
export interface CaptureInput {
  /** A file's, or "-" for standard input. */
  readonly path: string;
  /** As `CaptureFileOptions`. */
  readonly format?: CaptureFileFormat | undefined;
}

/** What `--format` says; undefined where it is absent. */
export function inputFormat(text: string | undefined): CaptureFileFormat | undefined {
  return text === undefined ? undefined : oneOf(text, '--format', captureFileFormats);
}

/** Bytes read at once: chunks of a raw event-stream file are as large. */
const PIECE = 64 * 1024;

/**
 * Reads an input piece by piece; of a HAR only is everything in memory. Throws a
 * `CommandFailure` (unreadable) where it cannot be read or holds nothing of use.
 */
export async function* readInput({ path, format }: CaptureInput): AsyncGenerator<InputItem> {
  const facts = path === '-' ? stdinFacts() : await fileFacts(path);
  const items: InputItem[] = [];
  const reader = new CaptureFileReader(
    facts,
    {
      header: (header) => items.push({ kind: 'header', header }),
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
    throw unreadable(path, error);
  }
  reader.end();
  yield* checked(items, path);
}

function* checked(items: readonly InputItem[], path: string): Generator<InputItem> {
  for (const item of items) {
    if (item.kind === 'problem' && item.problem.fatal) {
      throw new CommandFailure(ExitStatus.unreadable, `cannot open ${shown(path)}: ${item.problem.message}`);
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
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  return new CommandFailure(
    ExitStatus.unreadable,
    `cannot read ${shown(path)}: ${reasonOf(error.code, error)}`,
    {
      cause: error,
    },
  );
}

/** What an error of the file system means, in words. */
export function reasonOf(code: unknown, error: Error): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'EFBIG':
      return 'the file would be larger than is allowed';
    default:
      return error.message;
  }
}

/** A path as it is named in a message. */
export function shown(path: string): string {
  return path === '-' ? 'standard input' : path;
}
