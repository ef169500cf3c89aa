import { useLayoutEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import type { ComparisonLinks, ComparisonView } from '../../contract/comparison.ts';
import { countOf } from '../format/count.ts';
import { useComparison } from '../state/comparison.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { answerOf, useHostQuery } from '../state/use-host-query.ts';
import type { Span } from '../state/view.ts';
import { useTheme } from '../theme/theme.ts';
import { axisTicks } from '../timeline/axis-ticks.ts';
import { quantityText } from '../format/quantity.ts';
import { onAxis } from '../timeline/lane-layout.ts';
import { pan, toValue, zoom } from '../timeline/span-scale.ts';
import { timelineKey } from '../timeline/timeline-keys.ts';
import { readPalette } from '../timeline/timeline-palette.ts';
import { sizedContext, useCanvasSize } from '../timeline/use-canvas-size.ts';
import { useDensity } from '../timeline/use-density.ts';
import { unlessWhole, useTimelinePointer } from '../timeline/use-timeline-pointer.ts';
import { layComparison, rowAt, wholeSpan } from './comparison-layout.ts';
import { drawComparison } from './draw-comparison.ts';
import { useComparisonRow } from './use-comparison-rows.ts';

/** The shortest span that can be selected, ms. */
const SHORTEST = 0.5;

/** Both streams on one time axis, each relative to its own request. Needs captures with times. */
export function ComparisonPlot({ view }: { readonly view: ComparisonView }) {
  const whole = wholeSpan(view);
  if (whole === null || view.a.firstEventAt === null || view.b.firstEventAt === null) {
    return (
      <div className="comparison-plot quiet">
        <p className="timeline-quiet">
          {whole === null || view.a.lastAt === null || view.b.lastAt === null
            ? 'At least one capture has no times: its events are paired in the table.'
            : 'At least one capture has no events: there is nothing to put on one axis.'}
        </p>
      </div>
    );
  }
  return <TimedPlot view={view} whole={whole} />;
}

function TimedPlot({ view, whole }: { readonly view: ComparisonView; readonly whole: Span }) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(area);
  const layout = useMemo(() => layComparison(size.width, size.height), [size.width, size.height]);
  const span = useComparison((state) => state.span) ?? whole;
  const isZoomed = useComparison((state) => state.span !== null);
  const row = useComparison((state) => state.row);
  const { setSpan, select } = useComparison.getState();
  const selected = useComparisonRow(view, row);

  const slices = size.width === 0 ? 0 : Math.floor(layout.plot);
  const a = useDensity(view.a.capture, span, slices, view.comparison);
  const b = useDensity(view.b.capture, span, slices, view.comparison);
  const links = useLinks(view.comparison, span, slices);

  const pointer = useTimelinePointer(area, {
    layout,
    span,
    whole,
    shortest: SHORTEST,
    setSpan,
    click: (x, y) => {
      const found = links === null ? null : rowAt(links, layout, span, x, y);
      if (found !== null) select(found);
    },
  });
  const at = pointer.at !== null && pointer.at.x >= layout.left - 4 ? pointer.at : null;

  const theme = useTheme((state) => state.palette);
  const palette = useMemo(() => readPalette(document.documentElement, theme), [theme]);
  useLayoutEffect(() => {
    const context = sizedContext(canvas.current, size);
    if (context === null) return;
    const picture = {
      layout,
      span,
      ticks: axisTicks(span, layout.plot, 'ms'),
      densityA: a.data,
      densityB: b.data,
      links,
      selected,
      brush: pointer.brush,
      pointer: at === null ? null : toValue(span, layout.plot, at.x - layout.left),
    };
    drawComparison(context, picture, palette);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = timelineKey(event);
    if (key === null) return;
    pointer.hide();
    switch (key.kind) {
      case 'zoom':
        setSpan(unlessWhole(zoom(span, (span.from + span.to) / 2, key.factor, whole, SHORTEST), whole));
        break;
      case 'pan':
        setSpan(unlessWhole(pan(span, key.share * (span.to - span.from), whole), whole));
        break;
      case 'row':
        select(Math.min(view.rows - 1, Math.max(0, (row ?? -1) + key.by)));
        break;
      case 'end':
        select(key.last ? view.rows - 1 : 0);
        break;
      case 'reset':
        // Nothing to reset: Escape closes the comparison.
        if (pointer.cancel()) break;
        if (!isZoomed) return;
        setSpan(null);
        break;
      case 'lane':
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const { onlyInA, onlyInB } = view.result;
  return (
    <div
      ref={area}
      className={`comparison-plot timeline${pointer.panning ? ' panning' : ''}${at !== null && onAxis(layout, at.y) ? ' on-axis' : ''}`}
      role="application"
      aria-label="A above B on one time axis"
      aria-roledescription="timeline"
      aria-description="Left and right choose a pair; plus and minus zoom, Shift with left and right moves, Escape shows all."
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...pointer.handlers}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <p className="comparison-legend" aria-hidden="true">
        {onlyInA > 0 && <span className="only-a">▼ {countOf(onlyInA, 'event')} only in A</span>}
        {onlyInB > 0 && <span className="only-b">▲ {countOf(onlyInB, 'event')} only in B</span>}
        {view.result.timing.heldCount > 0 && <span className="held">■ held back in B</span>}
      </p>
      {isZoomed && (
        <div className="timeline-zoomed" onPointerDown={(event) => event.stopPropagation()}>
          {quantityText(span.to - span.from, 'ms')} shown
          <button type="button" onClick={() => setSpan(null)} title="Show all (Escape)">
            Show all
          </button>
        </div>
      )}
    </div>
  );
}

const linksQuery: HostQuery<
  { readonly comparison: string; readonly from: number; readonly to: number; readonly width: number },
  ComparisonLinks
> = {
  ask: (params) => callHost('comparison.links', params),
  scope: ({ comparison }) => comparison,
};

/** The lines of the visible span; those of the previous span until they have loaded. */
function useLinks(comparison: string, { from, to }: Span, width: number): ComparisonLinks | null {
  const links = useHostQuery(
    linksQuery,
    width >= 1 && to > from ? { params: { comparison, from, to, width: Math.min(8192, width) } } : null,
  );
  // If the host has dropped the comparison, the table reports it.
  return answerOf(links);
}
