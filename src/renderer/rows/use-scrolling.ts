import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';
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
  /** Offset of the rows, see scroll-scale.ts, and the position of the scroll bar. */
  readonly offset: number;
  readonly scrollTop: number;
  /** Scrolls a row position into view. */
  readonly reveal: (position: number) => void;
}

/** Called for scrolling that means more than showing other rows. */
interface Intent {
  /** The user scrolled towards the beginning. */
  readonly onUp: () => void;
  /** The user scrolled to the end. */
  readonly onEnd: () => void;
}

/**
 * Connects a viewport's scroll bar with the offset of its rows.
 *
 * @param pinned the last row stays at the bottom
 */
export function useScrolling(
  viewport: RefObject<HTMLElement | null>,
  list: ScrolledList,
  pinned: boolean,
  { onUp, onEnd }: Intent,
): Scrolling {
  const [free, setFree] = useState(0);
  const offset = pinned ? maxOffset(list) : clampOffset(list, free);
  const scrollTop = scrollTopAt(list, offset);
  // When pinning ends, the rows stay where they are.
  if (pinned && free !== offset) setFree(offset);
  /** Where this code put the scroll bar: at any other position the user has moved it. */
  const put = useRef(0);

  useLayoutEffect(() => {
    const element = viewport.current;
    if (element === null || list.viewport === 0 || list.total === 0) return;
    // Compared with the known position: reading it from the element would force a layout.
    if (Math.abs(put.current - scrollTop) < 1) return;
    put.current = scrollTop;
    element.scrollTo({ top: scrollTop, behavior: 'instant' });
  }, [viewport, list.viewport, list.total, scrollTop]);

  const move = (next: number): void => {
    setFree(next);
    if (next < offset) onUp();
    else if (next >= maxOffset(list) - list.rowHeight / 2) onEnd();
  };
  const onScroll = useEffectEvent((element: HTMLElement) => {
    if (Math.abs(element.scrollTop - put.current) < 1) return;
    put.current = element.scrollTop;
    move(offsetAt(list, element.scrollTop));
  });
  const onWheel = useEffectEvent((event: WheelEvent) => {
    // Called at once: the scroll bar may move again before the browser sends its scroll event.
    if (event.deltaY < 0 && offset > 0) onUp();
    if (!isScaled(list) || event.ctrlKey || event.deltaY === 0) return;
    // If a pixel of the scroll bar is many rows, the wheel moves the rows instead.
    event.preventDefault();
    const unit = event.deltaMode === 1 ? list.rowHeight : event.deltaMode === 2 ? list.viewport : 1;
    move(clampOffset(list, offset + event.deltaY * unit));
  });
  const onPress = useEffectEvent((event: PointerEvent, element: HTMLElement) => {
    // A press on the scroll bar itself.
    if (event.target === element && event.offsetX >= element.clientWidth) onUp();
  });

  useEffect(() => {
    const element = viewport.current;
    if (element === null) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    element.addEventListener('scroll', () => onScroll(element), { passive: true, signal });
    element.addEventListener('wheel', (event) => onWheel(event), { passive: false, signal });
    element.addEventListener('pointerdown', (event) => onPress(event, element), { signal });
    return () => ending.abort();
  }, [viewport]);

  return { offset, scrollTop, reveal: (position) => setFree(offsetShowing(list, offset, position)) };
}

/** Inner height of an element in px, kept up to date; 0 until it is measured, which is before the first paint. */
export function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
