import { type Split, splitRecords } from '../capture/split-records.ts';
import type { ChunkRecord } from '../capture/record.ts';
import { BlockReader } from '../sse/block-reader.ts';
import { assertNever } from '../assert-never.ts';
import type { ReplaySplit } from './variant.ts';

/** The chunks of a body, in order. */
export type Chunks = AsyncGenerator<ChunkRecord, void>;

/** Most bytes of a glued piece: what a socket hands over in one read. */
const gluedSize = 64 * 1024;
/** Line endings that are held back to see whether the body ends in them. */
const mostHeld = 64 * 1024;

/** The body from byte `offset` on. */
export async function* skipTo(chunks: Chunks, offset: number): Chunks {
  let left = offset;
  for await (const chunk of chunks) {
    if (left >= chunk.bytes.length) left -= chunk.bytes.length;
    else {
      yield left === 0 ? chunk : withBytes(chunk, chunk.bytes.subarray(left));
      left = 0;
    }
  }
}

/** The first `length` bytes of the body. `onCut` is called where there would be more. */
export async function* cutAt(chunks: Chunks, length: number, onCut: () => void): Chunks {
  let left = length;
  for await (const chunk of chunks) {
    if (chunk.bytes.length > left) {
      if (left > 0) yield withBytes(chunk, chunk.bytes.subarray(0, left));
      onCut();
      return;
    }
    left -= chunk.bytes.length;
    yield chunk;
  }
}

/** The body to the end of the first event with an id that reaches byte `from`. `onCut` is called where there is one. */
export async function* cutAfterEvent(chunks: Chunks, from: number, onCut: () => void): Chunks {
  let end: number | null = null;
  const reader = new BlockReader({
    block: ({ kind, lastEventId, range }) => {
      if (kind === 'event' && lastEventId !== '' && range.end >= from) end ??= range.end;
    },
    blockExtended: () => undefined,
  });
  let start = 0;
  for await (const chunk of chunks) {
    reader.push(chunk.bytes, 0, null);
    const stop = end as number | null;
    if (stop !== null) {
      if (stop > start) yield withBytes(chunk, chunk.bytes.subarray(0, stop - start));
      onCut();
      return;
    }
    start += chunk.bytes.length;
    yield chunk;
  }
}

/** The body without the blank lines that it ends in. */
export async function* withoutFinalBlankLine(chunks: Chunks): Chunks {
  let held: ChunkRecord[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    if (chunk.bytes.some((byte) => !isEnding(byte)) || heldBytes > mostHeld) {
      yield* held;
      held = [];
      heldBytes = 0;
    }
    held.push(chunk);
    heldBytes += chunk.bytes.length;
  }
  // The line ending of the last line stays, the rest goes.
  let surplus = surplusEndings(held);
  while (surplus > 0) {
    const last = held.pop();
    if (last === undefined) break;
    if (last.bytes.length > surplus)
      held.push(withBytes(last, last.bytes.subarray(0, last.bytes.length - surplus)));
    surplus -= last.bytes.length;
  }
  yield* held;
}

/** Bytes of line endings at the end, but for those of the first. */
function surplusEndings(chunks: readonly ChunkRecord[]): number {
  const run: number[] = [];
  for (const { bytes } of chunks) {
    for (const byte of bytes) {
      if (isEnding(byte)) run.push(byte);
      else run.length = 0;
    }
  }
  const first = run[0] === CR && run[1] === LF ? 2 : 1;
  return Math.max(0, run.length - first);
}

/** The body cut into other pieces, which are chunks again. */
export function splitBody(chunks: Chunks, split: ReplaySplit): Chunks {
  switch (split.kind) {
    case 'recorded':
      return chunks;
    case 'fixed':
    case 'random':
      return resized(chunks, split);
    case 'inside-utf8':
      return cutWhere(chunks, (before, after) => before > 0x7f && (after & 0xc0) === 0x80);
    case 'inside-crlf':
      return cutWhere(chunks, (before, after) => before === CR && after === LF);
    case 'glued':
      return glued(chunks);
    default:
      return assertNever(split);
  }
}

async function* resized(chunks: Chunks, split: Split): Chunks {
  for await (const record of splitRecords(chunks, split)) if (record.kind === 'chunk') yield record;
}

async function* cutWhere(chunks: Chunks, isCut: (before: number, after: number) => boolean): Chunks {
  for await (const chunk of chunks) {
    const { bytes } = chunk;
    let start = 0;
    for (let at = 1; at < bytes.length; at++) {
      if (!isCut(bytes[at - 1] as number, bytes[at] as number)) continue;
      yield withBytes(chunk, bytes.subarray(start, at));
      start = at;
    }
    yield start === 0 ? chunk : withBytes(chunk, bytes.subarray(start));
  }
}

async function* glued(chunks: Chunks): Chunks {
  let held: ChunkRecord[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    if (size + chunk.bytes.length > gluedSize && held.length > 0) {
      yield joined(held, size);
      held = [];
      size = 0;
    }
    held.push(chunk);
    size += chunk.bytes.length;
  }
  if (held.length > 0) yield joined(held, size);
}

function joined(chunks: readonly ChunkRecord[], size: number): ChunkRecord {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, at);
    at += chunk.bytes.length;
  }
  return withBytes(chunks.at(-1) as ChunkRecord, bytes);
}

function withBytes({ at, read }: ChunkRecord, bytes: Uint8Array): ChunkRecord {
  return { kind: 'chunk', at, read, wireBytes: bytes.length, bytes };
}

const CR = 0x0d;
const LF = 0x0a;

function isEnding(byte: number): boolean {
  return byte === CR || byte === LF;
}
