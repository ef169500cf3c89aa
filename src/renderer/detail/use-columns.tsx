import { useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react';

interface Columns {
  /** Characters that fit in a row; 0 until they are measured, which is before the first paint. */
  readonly columns: number;
  /** The box that is measured. */
  readonly frame: RefObject<HTMLDivElement | null>;
  /** The element that it is measured with: draw it inside the box. */
  readonly ruler: ReactNode;
}

/**
 * How many characters of fixed width a box has room for.
 *
 * @param padding px that the box's padding and a scroll bar take
 */
export function useColumns(padding: number): Columns {
  const frame = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const [columns, setColumns] = useState(0);

  useLayoutEffect(() => {
    const box = frame.current;
    const characters = ruler.current;
    if (box === null || characters === null) return undefined;
    const measure = (): void => {
      const width = characters.getBoundingClientRect().width / 10;
      if (width > 0) setColumns(Math.floor((box.clientWidth - padding) / width));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [padding]);

  return {
    columns,
    frame,
    ruler: (
      <span ref={ruler} className="hex-ruler" aria-hidden="true">
        0000000000
      </span>
    ),
  };
}
