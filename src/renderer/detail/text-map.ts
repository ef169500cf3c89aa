import { firstIndex } from '../../core/binary-search.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { TextSource } from '../../contract/item.ts';

/** Code units between two checkpoints: the most that a lookup reads. */
const STRIDE = 4096;

interface Piece {
  readonly source: TextSource;
  /** Byte offset in the piece at each multiple of `STRIDE` code units. Null if its bytes do not match its text. */
  readonly checkpoints: readonly number[] | null;
}

/**
 * Maps positions in a text (UTF-16 code units) to the body bytes that they were decoded from, and back, by UTF-8 lengths.
 * Built in one pass over the text; a lookup reads a few thousand characters at most.
 *
 * Where the body was not well-formed UTF-8, U+FFFD replaces bytes of another length. Such a piece is mapped as a whole:
 * every position in it maps to all of its bytes.
 */
export class TextMap {
  readonly #text: string;
  readonly #pieces: readonly Piece[];

  /** @param sources the pieces of `text`; if the text was cut, pieces beyond its end are ignored */
  constructor(text: string, sources: readonly TextSource[]) {
    this.#text = text;
    this.#pieces = sources.filter((source) => source.from < text.length).map((source) => piece(text, source));
  }

  /** Byte ranges that text [from, to) was decoded from, in order, one for each piece that it overlaps. */
  bytesOf(from: number, to: number): readonly ByteRange[] {
    const ranges: ByteRange[] = [];
    for (let index = this.#pieceAfter(from); index < this.#pieces.length; index++) {
      const found = this.#pieces[index];
      if (found === undefined || found.source.from >= to) break;
      const start = this.#byteAt(found, Math.max(from, found.source.from), 'start');
      const end = this.#byteAt(found, Math.min(to, found.source.to), 'end');
      if (end > start) ranges.push({ start, end });
    }
    return ranges;
  }

  /** Position of the character that the byte at `position` belongs to; null if the byte is not part of the text. */
  positionOf(position: number): number | null {
    const found = this.#pieceAt(position);
    if (found === null) return null;
    const { source, checkpoints } = found;
    if (checkpoints === null) return source.from;
    const wanted = position - source.range.start;
    const checkpoint = lastAtMost(checkpoints, wanted);
    let bytes = checkpoints[checkpoint] ?? 0;
    let at = source.from + checkpoint * STRIDE;
    for (; at < Math.min(source.to, this.#text.length); at++) {
      bytes += unitBytes(this.#text, at);
      if (bytes > wanted) return at;
    }
    return null;
  }

  /** The piece that holds the byte at `position`: pieces are in the order of their bytes. */
  #pieceAt(position: number): Piece | null {
    const pieces = this.#pieces;
    const found =
      pieces[firstIndex(0, pieces.length, (at) => position < (pieces[at]?.source.range.end ?? 0))];
    return found !== undefined && position >= found.source.range.start ? found : null;
  }

  /** Index of the first piece that ends after `from`. */
  #pieceAfter(from: number): number {
    return firstIndex(0, this.#pieces.length, (index) => (this.#pieces[index]?.source.to ?? 0) > from);
  }

  #byteAt({ source, checkpoints }: Piece, position: number, side: 'start' | 'end'): number {
    if (checkpoints === null) return side === 'start' ? source.range.start : source.range.end;
    const checkpoint = Math.max(
      0,
      Math.min(Math.floor((position - source.from) / STRIDE), checkpoints.length - 1),
    );
    let bytes = checkpoints[checkpoint] ?? 0;
    const end = Math.min(position, this.#text.length);
    for (let at = source.from + checkpoint * STRIDE; at < end; at++) bytes += unitBytes(this.#text, at);
    return Math.min(source.range.start + bytes, source.range.end);
  }
}

function piece(text: string, source: TextSource): Piece {
  const end = Math.min(source.to, text.length);
  const checkpoints: number[] = [];
  let bytes = 0;
  for (let at = source.from; at < end; at++) {
    if ((at - source.from) % STRIDE === 0) checkpoints.push(bytes);
    bytes += unitBytes(text, at);
  }
  const cut = source.to > text.length;
  const exact = cut || bytes === source.range.end - source.range.start;
  return { source, checkpoints: exact ? checkpoints : null };
}

/** UTF-8 bytes that the code unit at `at` adds: the first half of a surrogate pair counts for both. */
function unitBytes(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit >= 0xd800 && unit < 0xdc00) return 4;
  if (unit >= 0xdc00 && unit < 0xe000) return 0;
  return 3;
}

function lastAtMost(sorted: readonly number[], value: number): number {
  return firstIndex(1, Math.max(1, sorted.length), (index) => (sorted[index] ?? 0) > value) - 1;
}
