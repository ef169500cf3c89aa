import type { Density, Lane } from '../../contract/lane.ts';
import type { Span } from '../state/view.ts';
import type { AxisUnit } from '../format/quantity.ts';
import type { Tick } from './axis-ticks.ts';
import type { SliceSpan } from './density-slices.ts';
import type { TimelineLayout } from './lane-layout.ts';
import type { StallSpan } from './stall-spans.ts';

/** A text below the lanes, at a moment of the axis. */
export interface Note {
  readonly at: number;
  readonly text: string;
  readonly tone: 'ok' | 'stall' | 'dim' | 'bad';
  /** Whether a line through all lanes marks the moment. */
  readonly line: boolean;
  /** Next to the moment (left if there is room, else right), or centred on it. */
  readonly place: 'side' | 'centre';
}

/** Everything that the timeline draws. */
export interface TimelinePicture {
  readonly layout: TimelineLayout;
  /** The visible span. `density` may still be that of another span: it is drawn at its own position. */
  readonly span: Span;
  readonly unit: AxisUnit;
  readonly density: Density | null;
  readonly ticks: readonly Tick[];
  readonly stalls: readonly StallSpan[];
  /** The span without data yet: the wait for the first byte, or the part that is still loading. */
  readonly waiting: Span | null;
  readonly notes: readonly Note[];
  /** Highlighted slices of each lane. */
  readonly highlighted: { readonly [L in Lane]: SliceSpan | null };
  /** Lane of the selected row. */
  readonly lane: Lane | null;
  /** Position under the pointer. */
  readonly pointer: number | null;
  /** The span that is being selected by dragging. */
  readonly brush: Span | null;
}
