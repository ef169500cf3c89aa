import type { CaptureRecord, ChunkRecord } from './record.ts';
import type { Records } from './capture-source.ts';

/** How a body is cut into other pieces: of one size, or of random sizes from a seed. */
export type Split =
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'random'; readonly seed: number };

/**
 * The same records with the body cut into other pieces. A piece has the time and the read number of the chunk of its
 * last byte. No piece crosses a record of another kind, so bodies stay separate.
 */
export async function* splitRecords(records: Records, split: Split): AsyncGenerator<CaptureRecord> {
  const nextSize = sizes(split);
  let size = nextSize();
  let piece = new Uint8Array(size);
  let filled = 0;
  let last: ChunkRecord | null = null;
  const take = (chunk: ChunkRecord): ChunkRecord => {
    const bytes = piece.slice(0, filled);
    filled = 0;
    return { kind: 'chunk', at: chunk.at, read: chunk.read, wireBytes: bytes.length, bytes };
  };
  for await (const record of records) {
    if (record.kind !== 'chunk') {
      if (last !== null && filled > 0) yield take(last);
      yield record;
      continue;
    }
    last = record;
    for (let at = 0; at < record.bytes.length; ) {
      const part = record.bytes.subarray(at, at + size - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield take(record);
      size = nextSize();
      if (size > piece.length) piece = new Uint8Array(size);
    }
  }
  if (last !== null && filled > 0) yield take(last);
}

/** Sizes of the pieces. Half of the random ones are below 16 bytes, where parsers fail. */
function sizes(split: Split): () => number {
  if (split.kind === 'fixed') return () => split.size;
  let state = split.seed >>> 0;
  return () => {
    // A linear congruential generator (Numerical Recipes): the same on every machine.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor(2 ** ((state / 2 ** 32) * 8));
  };
}
