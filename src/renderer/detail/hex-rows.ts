import type { ByteRange } from '../../core/byte-range.ts';

/** The layout of the hex view: a row has `perRow` bytes and begins at a multiple of it, as in any hex editor. */
export interface HexLayout {
  readonly range: ByteRange;
  readonly perRow: 8 | 16;
  readonly rows: number;
  /** Number of hex digits of an offset. */
  readonly digits: number;
}

/** One row: its bytes are the part of `[offset, offset + perRow)` that is in the range. */
export interface HexRow {
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

/** Lays `range` out. */
export function layHex(range: ByteRange, perRow: 8 | 16): HexLayout {
  const first = Math.floor(range.start / perRow);
  const rows = range.end > range.start ? Math.ceil(range.end / perRow) - first : 0;
  const digits = Math.max(6, Math.max(0, range.end - 1).toString(16).length);
  return { range, perRow, rows, digits };
}

/** Row `index` of the layout, from 0. */
export function hexRow(layout: HexLayout, index: number): HexRow {
  const offset = (Math.floor(layout.range.start / layout.perRow) + index) * layout.perRow;
  return {
    offset,
    start: Math.max(offset, layout.range.start),
    end: Math.min(offset + layout.perRow, layout.range.end),
  };
}

/** Row that shows the byte at `position`. */
export function rowOfByte(layout: HexLayout, position: number): number {
  return Math.floor(position / layout.perRow) - Math.floor(layout.range.start / layout.perRow);
}

/** Bytes per row if `columns` characters fit: 16, or 8 if there is no room for 16. */
export function bytesPerRow(columns: number, digits: number): 8 | 16 {
  return columns >= rowColumns(16, digits) ? 16 : 8;
}

/** Characters in a row: offset, two spaces, bytes with a space between (two in the middle), two spaces, text. */
export function rowColumns(perRow: 8 | 16, digits: number): number {
  return digits + 2 + perRow * 3 - 1 + (perRow === 16 ? 1 : 0) + 2 + perRow;
}
