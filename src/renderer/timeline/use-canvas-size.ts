import { useEffect, useState, type RefObject } from 'react';

/** An element's size in CSS pixels, and the number of device pixels per CSS pixel. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** The size of an element and the screen's pixel ratio, kept up to date: a window may move to another screen. */
export function useCanvasSize(element: RefObject<HTMLElement | null>): CanvasSize {
  const [size, setSize] = useState<CanvasSize>({ width: 0, height: 0, ratio: 1 });

  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = target;
      setSize({ width, height, ratio: window.devicePixelRatio });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const density = matchMedia(`(resolution: ${size.ratio}dppx)`);
    const change = (): void => setSize((before) => ({ ...before, ratio: window.devicePixelRatio }));
    density.addEventListener('change', change);
    return () => density.removeEventListener('change', change);
  }, [size.ratio]);

  return size;
}

/** The context of the canvas at that size, scaled to CSS pixels; null if there is nothing to draw on yet. */
export function sizedContext(
  canvas: HTMLCanvasElement | null,
  size: CanvasSize,
): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d') ?? null;
  if (context === null || size.width === 0) return null;
  const [width, height] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)];
  // Setting either clears the canvas, even to the same value.
  if (context.canvas.width !== width) context.canvas.width = width;
  if (context.canvas.height !== height) context.canvas.height = height;
  context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  return context;
}
