import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

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
