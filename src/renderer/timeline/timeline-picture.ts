import type { Density, Lane } from '../../contract/lane.ts';
import type { Span } from '../state/view.ts';
import type { AxisUnit } from '../format/quantity.ts';
import type { Tick } from './axis-ticks.ts';
import type { SliceSpan } from './density-slices.ts';
import type { TimelineLayout } from './lane-layout.ts';
import type { StallSpan } from './stall-spans.ts';

/** A word at a moment of the axis, below the lanes. */
export interface Note {
  readonly at: number;
  readonly text: string;
  readonly tone: 'ok' | 'stall' | 'dim' | 'bad';
  /** Whether a line marks the moment through all lanes. */
  readonly line: boolean;
  /** Beside the moment (left where there is room, else right), or centred on it. */
  readonly place: 'beside' | 'centre';
}

/** All that the timeline shows at one moment, ready to be drawn. */
export interface TimelinePicture {
  readonly layout: TimelineLayout;
  /** What the axis shows. `density` may be of another span for a moment: it is drawn where it belongs. */
  readonly span: Span;
  readonly unit: AxisUnit;
  readonly density: Density | null;
  readonly ticks: readonly Tick[];
  readonly stalls: readonly StallSpan[];
  /** What is not known yet: the wait for the first byte, or the part that is still being loaded. */
  readonly waiting: Span | null;
  readonly notes: readonly Note[];
  /** Highlighted slices of each lane. */
  readonly highlighted: { readonly [L in Lane]: SliceSpan | null };
  /** Lane of the selected row. */
  readonly lane: Lane | null;
  /** Position under the pointer. */
  readonly pointer: number | null;
  /** The span that is being chosen by dragging. */
  readonly brush: Span | null;
}
