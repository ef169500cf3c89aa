import { useLayoutEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Density, Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import { contentVersion, currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { highlightedRows, pickRow, useSelectedDetail, useSelection } from '../state/selection.ts';
import { answerOf } from '../state/use-host-query.ts';
import { useView, type Span } from '../state/view.ts';
import { useTheme } from '../theme/theme.ts';
import { quantityText } from '../format/quantity.ts';
import { axisTicks } from './axis-ticks.ts';
import {
  nearestSlice,
  rowNear,
  sliceAt,
  sliceMiddle,
  slicesOfRows,
  type SliceSpan,
} from './density-slices.ts';
import { drawTimeline } from './draw-timeline.ts';
import { laneAt, layTimeline, onAxis } from './lane-layout.ts';
import { pan, toValue, zoom } from './span-scale.ts';
import { stallSpans } from './stall-spans.ts';
import { stepSelection } from './step-selection.ts';
import { timelineKey } from './timeline-keys.ts';
import { timelineNotes } from './timeline-notes.ts';
import { readPalette } from './timeline-palette.ts';
import type { TimelinePicture } from './timeline-picture.ts';
import { TimelineTip } from './timeline-tip.tsx';
import { TimelineZoomed } from './timeline-zoomed.tsx';
import { sizedContext, useCanvasSize } from './use-canvas-size.ts';
import { useDensity } from './use-density.ts';
import { useFollowedSpan } from './use-followed-span.ts';
import { useLiveNow } from './use-live-now.ts';
import { unlessWhole, useTimelinePointer } from './use-timeline-pointer.ts';
import { wholeAxis } from './whole-axis.ts';
import './timeline.css';

/** The shortest span that can be selected: half a millisecond, or sixteen bytes. */
const SHORTEST = { ms: 0.5, bytes: 16 } as const;
/** Maximum distance of the pointer from a mark that it selects, in px. */
const REACH = 8;

/** The current capture on one axis: chunks, events and JSON with gaps. It can be zoomed, and marks can be selected. */
export function Timeline() {
  const summary = useCaptures(currentSummary);
  if (summary === null) {
    return (
      <div className="timeline">
        <p className="timeline-quiet">Chunks, events and JSON appear here on one time axis.</p>
      </div>
    );
  }
  return <CaptureTimeline key={summary.id} summary={summary} />;
}

function CaptureTimeline({ summary }: { readonly summary: CaptureSummary }) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(area);
  const layout = useMemo(() => layTimeline(size.width, size.height), [size.width, size.height]);

  const live = isLive(summary);
  const now = useLiveNow(live, summary.startedAt, summary.lastAt);
  const axis = wholeAxis(summary, now);
  const { unit, span: whole } = axis;
  const span = useFollowedSpan(axis, live);
  const zoomed = useView((state) => state.span) !== null;
  const setSpan = useView((state) => state.setSpan);

  const counts = useDensity(
    summary.id,
    span,
    size.width === 0 ? 0 : Math.floor(layout.plot),
    contentVersion(summary),
  );
  const density = counts.data;
  const loading = density === null ? !live : density.loadedTo !== null;

  const pointer = useTimelinePointer(area, {
    layout,
    span,
    whole,
    shortest: SHORTEST[unit],
    setSpan,
    click: (x, y) => {
      const lane = laneAt(layout, y);
      const value = toValue(span, layout.plot, x - layout.left);
      const reach = (REACH * (span.to - span.from)) / layout.plot;
      const row = density === null ? null : rowNear(density, lane, value, reach);
      if (row !== null) pickRow(lane, row);
    },
  });
  const at = pointer.at !== null && pointer.at.x >= layout.left - 4 ? pointer.at : null;
  const under = at === null ? null : toValue(span, layout.plot, at.x - layout.left);
  const slice = density === null || under === null ? -1 : sliceAt(density, under);
  const near = density === null || at === null ? null : nearestSlice(density, laneAt(layout, at.y), slice, 3);
  // The pointer snaps to a nearby mark, which the tip describes.
  const value = near === null || density === null ? under : sliceMiddle(density, near);

  const lane = useSelection((state) => state.lane);
  const row = useSelection((state) => state.row);
  const detail = answerOf(useSelectedDetail());
  const highlighted = useMemo(() => {
    const slices = (of: Lane): SliceSpan | null =>
      slicesOfRows(density, of, highlightedRows({ lane, row }, detail, of));
    return { chunks: slices('chunks'), blocks: slices('blocks'), documents: slices('documents') };
  }, [density, lane, row, detail]);

  const { silences } = summary;
  const stalls = useMemo(
    () => (unit === 'bytes' ? [] : stallSpans(silences, span, now)),
    [silences, span, unit, now],
  );

  const waiting = waitingSpan(summary, density, now);
  const picture: TimelinePicture = {
    layout,
    span,
    unit,
    density,
    ticks: axisTicks(span, layout.plot, unit),
    stalls,
    waiting,
    notes: unit === 'ms' ? timelineNotes(summary, stalls, now) : [],
    highlighted,
    lane: row === null ? null : lane,
    pointer: value,
    brush: pointer.brush,
  };

  const theme = useTheme((state) => state.palette);
  // Read once per theme and not per frame: it makes the browser compute styles.
  const palette = useMemo(() => readPalette(document.documentElement, theme), [theme]);
  useLayoutEffect(() => {
    const context = sizedContext(canvas.current, size);
    if (context === null) return;
    drawTimeline(context, picture, palette);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = timelineKey(event);
    if (key === null) return;
    pointer.hide();
    switch (key.kind) {
      case 'zoom': {
        const selected =
          detail === null || row === null ? null : unit === 'ms' ? detail.at : detail.range.start;
        const around =
          selected !== null && selected >= span.from && selected <= span.to
            ? selected
            : (span.from + span.to) / 2;
        setSpan(unlessWhole(zoom(span, around, key.factor, whole, SHORTEST[unit]), whole));
        break;
      }
      case 'pan':
        setSpan(unlessWhole(pan(span, key.share * (span.to - span.from), whole), whole));
        break;
      case 'reset':
        if (!pointer.cancel()) setSpan(null);
        break;
      case 'row':
      case 'end':
      case 'lane':
        stepSelection(key, summary, density, detail);
        break;
      default:
        assertNever(key);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={area}
      className={`timeline${pointer.panning ? ' panning' : ''}${at !== null && onAxis(layout, at.y) ? ' on-axis' : ''}`}
      role="application"
      aria-label="Timeline"
      aria-roledescription="timeline"
      aria-description="Left and Right select a row, Up and Down a lane; Plus and Minus zoom; Shift with Left or Right pans; Escape shows all."
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...pointer.handlers}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {counts.status === 'failed' && density === null ? (
        <p className="timeline-quiet">{counts.problem}</p>
      ) : null}
      {counts.status !== 'failed' && loading ? (
        <p className="timeline-loading" role="status">
          Loading…
        </p>
      ) : null}
      {summary.phase === 'ended' && summary.bytes === 0 ? (
        <p className="timeline-quiet">The body is empty.</p>
      ) : null}
      {density !== null && at !== null && value !== null ? (
        <TimelineTip
          density={density}
          slice={near ?? slice}
          at={value}
          pixel={(span.to - span.from) / layout.plot}
          stalls={stalls}
          x={at.x}
          width={layout.width}
        />
      ) : null}
      {zoomed ? <TimelineZoomed span={span} whole={whole} unit={unit} layout={layout} /> : null}
      <span className="unseen" aria-live="polite">
        {detail === null || row === null
          ? ''
          : `${lane} row ${detail.row}${detail.at === null ? '' : `, ${quantityText(detail.at, 'ms')}`}`}
      </span>
    </div>
  );
}

/** The span without data yet: the wait for the first byte, or the part of the capture that is still loading. */
function waitingSpan(summary: CaptureSummary, density: Density | null, now: number | null): Span | null {
  if (summary.firstByteAt === null && now !== null) return { from: 0, to: now };
  const loadedTo = density?.loadedTo ?? null;
  return density === null || loadedTo === null || loadedTo >= density.to
    ? null
    : { from: Math.max(loadedTo, density.from), to: density.to };
}
