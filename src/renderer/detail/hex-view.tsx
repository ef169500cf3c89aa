import { useCallback, useMemo, useState, type PointerEvent } from 'react';
import type { ItemDetail } from '../../contract/item.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { ByteWindows } from './byte-windows.ts';
import { byteGlyph, byteText } from './byte-glyph.ts';
import { HexLine } from './hex-line.tsx';
import { bytesPerRow, hexRow, layHex, rowOfByte } from './hex-rows.ts';
import { VirtualRows } from '../rows/virtual-rows.tsx';
import { useColumns } from './use-columns.tsx';
import './hex-view.css';

interface HexViewProps {
  readonly bytes: ByteWindows;
  readonly detail: ItemDetail;
  readonly highlight: readonly ByteRange[];
  /** Bytes to scroll to, whenever this is a new object. */
  readonly reveal: ByteRange | null;
  /** Called with the byte under the pointer and its description; null when the pointer leaves. */
  readonly onPoint: (byte: { readonly position: number; readonly words: string } | null) => void;
  readonly onPick: (position: number) => void;
}

const ROW = 17;
/** Rows shown initially; the user can resize the view. */
const AT_MOST = 10;

/** Bytes of an item in hexadecimal and as text, of any length: only visible rows are loaded and drawn. */
export function HexView({ bytes, detail, highlight, reveal, onPoint, onPick }: HexViewProps) {
  const { columns, frame, ruler } = useColumns(34);
  const [pointed, setPointed] = useState<number | null>(null);

  const { start, end } = detail.range;
  const layout = useMemo(() => {
    const { digits } = layHex({ start, end }, 8);
    return layHex({ start, end }, bytesPerRow(columns, digits));
  }, [start, end, columns]);
  const row = useMemo(
    () =>
      reveal === null
        ? null
        : {
            row: rowOfByte(layout, reveal.start),
            last: rowOfByte(layout, Math.max(reveal.start, reveal.end - 1)),
          },
    [reveal, layout],
  );

  const fetchRows = useCallback(
    (first: number, last: number) => {
      if (last <= first) return;
      // Three more bytes on either side: a character may begin in the previous row.
      bytes.want(
        Math.max(start, hexRow(layout, first).start - 3),
        Math.min(end, hexRow(layout, last - 1).end + 3),
      );
    },
    [bytes, layout, start, end],
  );

  const point = (event: PointerEvent): void => {
    const position = positionUnder(event.target);
    if (position === pointed) return;
    setPointed(position);
    const byte = position === null ? undefined : bytes.byteAt(position);
    if (position === null || byte === undefined) onPoint(null);
    else
      onPoint({
        position,
        words: byteText(
          byte,
          byteGlyph((at) => bytes.byteAt(at), position),
        ),
      });
  };
  // A line of JSON has no fields.
  const hasFields = detail.lane !== 'chunks' && detail.block?.framing === 'event-stream';
  const block = hasFields ? detail.block.range : null;
  return (
    <div className="hex" ref={frame}>
      {ruler}
      {bytes.problem === null ? null : (
        <p className="problem">
          {bytes.problem}{' '}
          <button type="button" className="copy" onClick={() => bytes.retry()}>
            try again
          </button>
        </p>
      )}
      {layout.rows === 0 ? (
        <p className="dim">No bytes.</p>
      ) : (
        <VirtualRows
          className="hex-rows"
          role="group"
          aria-label={`Bytes ${start} to ${end - 1} in hexadecimal and as text`}
          tabIndex={0}
          count={layout.rows}
          rowHeight={ROW}
          atMost={AT_MOST}
          reveal={row}
          onRows={fetchRows}
          onPointerMove={point}
          onPointerLeave={() => {
            setPointed(null);
            onPoint(null);
          }}
          onClick={(event) => {
            const position = positionUnder(event.target);
            if (position !== null && getSelection()?.isCollapsed !== false) onPick(position);
          }}
        >
          {(index) => {
            const line = hexRow(layout, index);
            const known = bytes.byteAt(line.start) !== undefined && bytes.byteAt(line.end - 1) !== undefined;
            return (
              <HexLine
                key={index}
                layout={layout}
                index={index}
                bytes={bytes}
                known={known}
                fields={detail.fields}
                block={block}
                highlight={highlightIn(highlight, line.start, line.end)}
              />
            );
          }}
        </VirtualRows>
      )}
    </div>
  );
}

/** The part of the highlighted ranges in [start, end), as text. */
function highlightIn(highlight: readonly ByteRange[], start: number, end: number): string {
  const parts: string[] = [];
  for (const range of highlight) {
    const from = Math.max(range.start, start);
    const to = Math.min(range.end, end);
    if (to > from) parts.push(`${from}-${to}`);
  }
  return parts.join(',');
}

function positionUnder(target: EventTarget): number | null {
  const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
  return at === undefined ? null : Number(at);
}
