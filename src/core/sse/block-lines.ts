import type { Framing } from './block.ts';
import { bomLength, CR, LF } from './line-ending.ts';

/** The bytes of one block and their position. */
export interface BlockBytes {
  readonly framing: Framing;
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the body. */
  readonly start: number;
  /** The block is the first of its body: a BOM may precede its first line. */
  readonly atBodyStart: boolean;
}

/** A line of a block, as indices into its bytes. */
export interface BlockLine {
  readonly from: number;
  /** Where the line ending begins. */
  readonly to: number;
  /** False for the last line of a block that was cut off. */
  readonly ended: boolean;
}

/** The lines of an event-stream block that are not blank, in order. */
export function* linesOf({ bytes, atBodyStart }: BlockBytes): Generator<BlockLine> {
  let from = atBodyStart ? bomLength(bytes, 0, bytes.length) : 0;
  let lf = -1;
  let cr = -1;
  while (from < bytes.length) {
    if (lf < from) lf = indexOrEnd(bytes, LF, from);
    if (cr < from) cr = indexOrEnd(bytes, CR, from);
    const to = Math.min(lf, cr);
    if (to > from) yield { from, to, ended: to < bytes.length };
    from = to + 1;
    if (to === cr && bytes[from] === LF) from++;
  }
}

function indexOrEnd(bytes: Uint8Array, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}
