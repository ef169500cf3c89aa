import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import {
  clampOffset,
  isScaled,
  maxOffset,
  offsetAt,
  offsetShowing,
  scrollTopAt,
  type ScrolledList,
} from './scroll-scale.ts';

interface Scrolling {
  /** Of the rows, see scroll-scale.ts; and what the scroll bar was at then. */
  readonly offset: number;
  readonly scrollTop: number;
  /** Brings a position into sight. Returns whether anything moved. */
  readonly reveal: (position: number) => boolean;
  readonly scrollTo: (offset: number) => void;
}

/**
 * Ties a viewport's scroll bar to the offset of its rows.
 *
 * @param pinned the last row stays at the bottom
 * @param onUp the user scrolled towards the beginning
 * @param onEnd the user scrolled to the end
 */
export function useScrolling(
  viewport: RefObject<HTMLElement | null>,
  list: ScrolledList,
  pinned: boolean,
  onUp: () => void,
  onEnd: () => void,
): Scrolling {
  const [free, setFree] = useState(0);
  const offset = pinned ? maxOffset(list) : clampOffset(list, free);
  const scrollTop = scrollTopAt(list, offset);
  /** Where this code put the scroll bar: any other place is where the user put it. */
  const put = useRef(0);
  const now = useRef({ list, offset, onUp, onEnd });
  now.current = { list, offset, onUp, onEnd };

  useLayoutEffect(() => {
    const element = viewport.current;
    if (element === null || list.viewport === 0) return;
    if (Math.abs(element.scrollTop - scrollTop) >= 1) element.scrollTop = scrollTop;
    put.current = element.scrollTop;
  }, [viewport, list.viewport, list.total, scrollTop]);

  useEffect(() => {
    const element = viewport.current;
    if (element === null) return;
    const move = (next: number): void => {
      const { list, offset, onUp, onEnd } = now.current;
      setFree(next);
      if (next < offset) onUp();
      else if (next >= maxOffset(list) - list.rowHeight / 2) onEnd();
    };
    const onScroll = (): void => {
      if (Math.abs(element.scrollTop - put.current) < 1) return;
      put.current = element.scrollTop;
      move(offsetAt(now.current.list, element.scrollTop));
    };
    const onWheel = (event: WheelEvent): void => {
      const { list, offset } = now.current;
      // Said at once: the scroll bar may be moved again before the browser tells that it was moved.
      if (event.deltaY < 0 && offset > 0) now.current.onUp();
      if (!isScaled(list) || event.ctrlKey || event.deltaY === 0) return;
      // Where a pixel of the scroll bar is many rows, the wheel moves the rows.
      event.preventDefault();
      const unit = event.deltaMode === 1 ? list.rowHeight : event.deltaMode === 2 ? list.viewport : 1;
      move(clampOffset(list, offset + event.deltaY * unit));
    };
    const onPointerDown = (event: PointerEvent): void => {
      // On the scroll bar itself.
      if (event.target === element && event.offsetX >= element.clientWidth) now.current.onUp();
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onPointerDown);
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onPointerDown);
    };
  }, [viewport]);

  const reveal = (position: number): boolean => {
    const next = offsetShowing(now.current.list, now.current.offset, position);
    if (next !== now.current.offset) setFree(next);
    return next !== now.current.offset;
  };
  return { offset, scrollTop, reveal, scrollTo: (next) => setFree(next) };
}
