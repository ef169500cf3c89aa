import { useEffect, useRef } from 'react';
import { useSelectedDetail } from '../state/selection.ts';
import { answerOf } from '../state/use-host-query.ts';
import { useView, type Span } from '../state/view.ts';
import { keepInside } from './span-scale.ts';
import { followSpan, type WholeAxis } from './whole-axis.ts';

/**
 * The span that the timeline shows. A selected span moves in two cases: it showed the newest record of a live stream and a
 * newer one arrived, or a row outside it was selected.
 */
export function useFollowedSpan({ unit, span: whole, newest }: WholeAxis, live: boolean): Span {
  const chosen = useView((state) => state.span);
  const setSpan = useView((state) => state.setSpan);
  const detail = answerOf(useSelectedDetail());
  const before = useRef(newest);

  useEffect(() => {
    const seen = before.current;
    before.current = newest;
    const { span, follow } = useView.getState();
    if (span === null || !live || !follow) return;
    const moved = followSpan(span, seen, newest, whole);
    if (moved !== span) setSpan(moved);
  }, [newest, live, whole, setSpan]);

  const selected = detail === null ? null : unit === 'ms' ? detail.at : detail.range.start;
  const bounds = useRef(whole);
  useEffect(() => {
    bounds.current = whole;
  });
  useEffect(() => {
    const { span } = useView.getState();
    if (span === null || selected === null || (selected >= span.from && selected <= span.to)) return;
    const half = (span.to - span.from) / 2;
    setSpan(keepInside({ from: selected - half, to: selected + half }, bounds.current));
  }, [selected, setSpan]);

  return chosen ?? whole;
}
