import type { AxisUnit } from '../format/quantity.ts';
import { quantityText } from '../format/quantity.ts';
import type { TimelineLayout } from './lane-layout.ts';
import { useView, type Span } from '../state/view.ts';

interface TimelineZoomedProps {
  readonly span: Span;
  readonly whole: Span;
  readonly unit: AxisUnit;
  readonly layout: TimelineLayout;
}

/** Shows how much of the axis is visible, with a button to show all of it. */
export function TimelineZoomed({ span, whole, unit, layout }: TimelineZoomedProps) {
  const length = whole.to - whole.from;
  const left = layout.left + ((span.from - whole.from) / length) * layout.plot;
  const width = ((span.to - span.from) / length) * layout.plot;
  return (
    <>
      <div className="timeline-thumb" style={{ left, width }} />
      {/* A press must not start a drag on the timeline below. */}
      <div className="timeline-zoomed" onPointerDown={(event) => event.stopPropagation()}>
        {quantityText(span.to - span.from, unit)} shown
        <button type="button" onClick={() => useView.getState().setSpan(null)} title="Show all (Escape)">
          Show all
        </button>
      </div>
    </>
  );
}
