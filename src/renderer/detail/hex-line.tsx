import { memo } from 'react';
import type { ByteRange } from '../../core/byte-range.ts';
import type { Field } from '../../core/sse/block.ts';
import { byteGlyph } from './byte-glyph.ts';
import { byteRole, type ByteRole } from './byte-role.ts';
import type { ByteWindows } from './byte-windows.ts';
import { hexRow, type HexLayout } from './hex-rows.ts';

interface HexLineProps {
  readonly layout: HexLayout;
  readonly index: number;
  readonly bytes: ByteWindows;
  /** Whether the row's bytes are loaded: the row is drawn again when they arrive. */
  readonly known: boolean;
  readonly fields: readonly Field[];
  /** Range of the block that the bytes belong to; null for none. */
  readonly block: ByteRange | null;
  /** Highlighted bytes of this row as `start-end` pairs joined by commas: a string, so that equal values compare equal. */
  readonly highlight: string;
}

const LF = 0x0a;
const CR = 0x0d;

/** The role of a byte. Without fields, as in a chunk, line endings are recognised by their bytes. */
function roleOf(
  fields: readonly Field[],
  block: ByteRange | null,
  position: number,
  byte: number | undefined,
): ByteRole {
  const role = byteRole(fields, block, position);
  return role === 'plain' && (byte === LF || byte === CR) ? 'ending' : role;
}

/** One row of the hex view: offset, bytes, text. Drawn again only when something in it changes. */
export const HexLine = memo(function HexLine({
  layout,
  index,
  bytes,
  known,
  fields,
  block,
  highlight,
}: HexLineProps) {
  const row = hexRow(layout, index);
  const ranges = highlight === '' ? [] : highlight.split(',').map((pair) => pair.split('-').map(Number));
  const isHighlighted = (position: number): boolean =>
    ranges.some(([from = 0, to = 0]) => position >= from && position < to);
  const cells = [];
  const glyphs = [];
  for (let position = row.offset; position < row.offset + layout.perRow; position++) {
    const column = position - row.offset;
    const spaced = column === 8 ? ' mid' : '';
    if (position < row.start || position >= row.end) {
      cells.push(<i key={position} className={`b${spaced}`} />);
      glyphs.push(<i key={position} className="g" />);
      continue;
    }
    const byte = known ? bytes.byteAt(position) : undefined;
    const role = roleOf(fields, block, position, byte);
    const on = isHighlighted(position);
    // The gap between two highlighted bytes is highlighted too, so that a range looks continuous.
    const joined = on && position + 1 < row.end && isHighlighted(position + 1) ? ' joined' : '';
    const marks = on ? ` lit${joined}` : '';
    const glyph = byte === undefined ? null : byteGlyph((at) => bytes.byteAt(at), position);
    cells.push(
      <i key={position} data-at={position} className={`b ${role}${marks}${spaced}`}>
        {byte === undefined ? '··' : byte.toString(16).padStart(2, '0')}
      </i>,
    );
    glyphs.push(
      <i key={position} data-at={position} className={`g ${role} ${glyph?.kind ?? ''}${on ? ' lit' : ''}`}>
        {glyph?.text ?? ' '}
      </i>,
    );
  }
  return (
    <div className="hex-line">
      <span className="hex-offset">{row.offset.toString(16).padStart(layout.digits, '0')}</span>
      <span className="hex-bytes">{cells}</span>
      <span className="hex-text">{glyphs}</span>
    </div>
  );
});
