import { lanes, type Lane } from '../../contract/lane-name.ts';

/** Where a lane is drawn, in CSS pixels from the top. `base` is its bottom line. */
export interface LaneBox {
  readonly lane: Lane;
  readonly top: number;
  readonly base: number;
}

/** The layout of the timeline, in CSS pixels. */
export interface TimelineLayout {
  readonly width: number;
  readonly height: number;
  /** Left edge and width of the plot: the axis begins and ends there. */
  readonly left: number;
  readonly plot: number;
  /** Baseline of the tick labels, and top and bottom of the lanes. */
  readonly axis: number;
  readonly top: number;
  readonly bottom: number;
  readonly lanes: readonly LaneBox[];
}

const LABELS = 76;
const RIGHT = 22;
const AXIS = 28;
const NOTES = 22;

/** Lays the timeline out: tick labels above, three lanes, and room for notes (first byte, stalls) below. */
export function layTimeline(width: number, height: number): TimelineLayout {
  const top = AXIS;
  const bottom = Math.max(top + 30, height - NOTES);
  const room = bottom - top;
  // Chunks get more height: their bars are compared by height.
  const chunks = room * 0.44;
  const others = (room - chunks) / 2;
  const boxes = lanes.map((lane, index) => {
    const from = index === 0 ? top : top + chunks + (index - 1) * others;
    return { lane, top: from, base: from + (index === 0 ? chunks : others) };
  });
  return {
    width,
    height,
    left: LABELS,
    plot: Math.max(1, width - LABELS - RIGHT),
    axis: AXIS - 11,
    top,
    bottom,
    lanes: boxes,
  };
}

/** Lane at `y`; the nearest one if `y` is above or below the lanes. */
export function laneAt(layout: TimelineLayout, y: number): Lane {
  const found = layout.lanes.find((box) => y < box.base);
  return found?.lane ?? 'documents';
}

/** Whether `y` is on the axis, where dragging pans instead of selecting a span. */
export function onAxis(layout: TimelineLayout, y: number): boolean {
  return y < layout.top;
}
