import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import type { Span } from '../state/view.ts';
import { onAxis, type TimelineLayout } from './lane-layout.ts';
import { keepInside, toValue, zoom } from './span-scale.ts';

/** The state of the pointer on the timeline, and its event handlers. */
export interface TimelinePointer {
  /** Position of the pointer, in CSS pixels of the timeline; null if it is elsewhere or dragging. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly brush: Span | null;
  readonly panning: boolean;
  /** Hides the pointer's tip until it moves: it would cover the timeline during keyboard use. */
  hide(): void;
  /** Cancels a drag. Returns whether there was one. */
  cancel(): boolean;
  readonly handlers: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
    onPointerCancel(): void;
    onPointerLeave(): void;
    onDoubleClick(): void;
  };
}

/** What the pointer acts on. */
export interface PointerTarget {
  readonly layout: TimelineLayout;
  readonly span: Span;
  readonly whole: Span;
  readonly shortest: number;
  readonly setSpan: (span: Span | null) => void;
  readonly click: (x: number, y: number) => void;
}

/** A press that moves less than this is a click, in px. */
const SLACK = 4;

type Drag =
  | { readonly kind: 'press'; readonly x: number; readonly y: number }
  | { readonly kind: 'brush'; readonly x: number }
  | { readonly kind: 'pan'; readonly x: number; readonly span: Span };

/**
 * The wheel zooms around the pointer, and pans with Shift or sideways. Dragging selects a span; on the axis it pans. A click
 * selects the nearest mark, a double click shows everything.
 */
export function useTimelinePointer(
  element: RefObject<HTMLElement | null>,
  target: PointerTarget,
): TimelinePointer {
  const [at, setAt] = useState<TimelinePointer['at']>(null);
  const [brush, setBrush] = useState<Span | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const newest = useRef(target);
  useLayoutEffect(() => {
    newest.current = target;
  });
  useWheel(element, newest);

  const { layout, span, whole } = target;
  const valueAt = (x: number): number =>
    toValue(span, layout.plot, Math.min(Math.max(x - layout.left, 0), layout.plot));
  const stop = (): void => {
    setDrag(null);
    setBrush(null);
  };

  return {
    at: drag === null ? at : null,
    brush,
    panning: drag?.kind === 'pan',
    hide: () => setAt(null),
    cancel: () => {
      stop();
      return drag !== null;
    },
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        const { x, y } = place(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag(onAxis(layout, y) ? { kind: 'pan', x, span } : { kind: 'press', x, y });
      },
      onPointerMove: (event) => {
        const { x, y } = place(event);
        setAt({ x, y });
        if (drag === null) return;
        if (drag.kind === 'pan') {
          const by = ((drag.x - x) / layout.plot) * (drag.span.to - drag.span.from);
          if (Math.abs(drag.x - x) > 1)
            target.setSpan(keepInside({ from: drag.span.from + by, to: drag.span.to + by }, whole));
          return;
        }
        if (drag.kind === 'press') {
          if (Math.abs(x - drag.x) < SLACK) return;
          setDrag({ kind: 'brush', x: drag.x });
        }
        const [a, b] = [valueAt(drag.x), valueAt(x)];
        setBrush({ from: Math.min(a, b), to: Math.max(a, b) });
      },
      onPointerUp: (event) => {
        if (drag?.kind === 'press') target.click(place(event).x, place(event).y);
        else if (drag?.kind === 'brush' && brush !== null && brush.to > brush.from) {
          target.setSpan(atLeast(brush, target.shortest, whole));
        }
        stop();
      },
      onPointerCancel: stop,
      onPointerLeave: () => setAt(null),
      onDoubleClick: () => target.setSpan(null),
    },
  };
}

/** Where the pointer is in the element, in CSS pixels. */
function place(event: PointerEvent<HTMLElement>): { readonly x: number; readonly y: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Listens to the wheel directly: React's listeners are passive, so they cannot keep the page from scrolling or zooming. */
function useWheel(element: RefObject<HTMLElement | null>, newest: RefObject<PointerTarget>): void {
  useEffect(() => {
    const area = element.current;
    if (area === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const { layout, span, whole, shortest, setSpan } = newest.current;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = ((sideways * unit) / layout.plot) * (span.to - span.from);
        setSpan(unlessWhole(keepInside({ from: span.from + by, to: span.to + by }, whole), whole));
        return;
      }
      const x = event.clientX - area.getBoundingClientRect().left - layout.left;
      const around = toValue(span, layout.plot, Math.min(Math.max(x, 0), layout.plot));
      // A pinch arrives as a wheel with Ctrl and small steps.
      const strength = event.ctrlKey ? 0.012 : 0.0022;
      const factor = Math.exp(Math.max(-240, Math.min(240, event.deltaY * unit)) * strength);
      setSpan(unlessWhole(zoom(span, around, factor, whole, shortest), whole));
    };
    area.addEventListener('wheel', onWheel, { passive: false });
    return () => area.removeEventListener('wheel', onWheel);
  }, [element, newest]);
}

/** The span, or null, which grows with the stream, if it covers the whole axis. */
export function unlessWhole(span: Span, whole: Span): Span | null {
  return span.from <= whole.from && span.to >= whole.to ? null : span;
}

/** `span`, widened around its middle if it is shorter than `shortest`. */
function atLeast(span: Span, shortest: number, whole: Span): Span {
  const missing = shortest - (span.to - span.from);
  if (missing <= 0) return span;
  return keepInside({ from: span.from - missing / 2, to: span.to + missing / 2 }, whole);
}
