import { useLayoutEffect, useRef, useState, type HTMLAttributes, type ReactNode } from 'react';
import {
  offsetAt,
  offsetShowing,
  rowsInSight,
  scrollTopAt,
  spacerHeight,
  type ScrolledList,
} from './scroll-scale.ts';

interface VirtualRowsProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children'> {
  readonly count: number;
  /** px. */
  readonly rowHeight: number;
  /** Rows shown before the list scrolls; the user can resize it. */
  readonly atMost: number;
  /** Rows to scroll to, whenever this is a new object: `row`, and up to `last` if there is room. */
  readonly reveal: { readonly row: number; readonly last?: number } | null;
  readonly children: (row: number) => ReactNode;
  /** Called with the rows that are drawn, [first, end). */
  readonly onRows?: (first: number, end: number) => void;
}

/** Rows drawn beyond the edges, so that short scrolling needs no drawing. */
const SPARE = 4;

/** A list of any length that draws only its visible rows. */
export function VirtualRows({
  count,
  rowHeight,
  atMost,
  reveal,
  children,
  onRows,
  ...rest
}: VirtualRowsProps) {
  const area = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [viewport, setViewport] = useState(atMost * rowHeight);
  const list: ScrolledList = { total: count, rowHeight, viewport };

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null) return undefined;
    const measure = (): void => setViewport(box.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null || reveal === null) return;
    const now: ScrolledList = { total: count, rowHeight, viewport: box.clientHeight };
    const withLast = offsetShowing(now, offsetAt(now, box.scrollTop), reveal.last ?? reveal.row);
    // Rounded to a whole row, so that none is cut at the top.
    const offset = Math.round(offsetShowing(now, withLast, reveal.row) / rowHeight) * rowHeight;
    box.scrollTop = scrollTopAt(now, offset);
  }, [reveal, count, rowHeight]);

  const offset = offsetAt(list, scrollTop);
  const [inSight, end] = rowsInSight(list, offset);
  const first = Math.max(0, inSight - SPARE);
  const last = Math.min(count, end + SPARE);
  useLayoutEffect(() => onRows?.(first, last), [onRows, first, last]);

  const rows: ReactNode[] = [];
  for (let row = first; row < last; row++) rows.push(children(row));
  // Relative to the scroll bar, whose scale differs in a very long list.
  const top = Math.min(scrollTop, Math.max(0, spacerHeight(list) - viewport)) - (offset - first * rowHeight);
  const height = Math.max(1, Math.min(count, atMost)) * rowHeight;
  return (
    <div
      {...rest}
      ref={area}
      style={{ height, maxHeight: Math.max(1, count) * rowHeight }}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div className="rows-space" style={{ height: spacerHeight(list) }} role="presentation">
        <div className="rows-drawn" style={{ transform: `translateY(${top}px)` }} role="presentation">
          {rows}
        </div>
      </div>
    </div>
  );
}
