import type { CaptureTime } from '../../core/capture-time.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ComparisonView } from '../../contract/comparison.ts';
import { showEvent } from '../state/show-record.ts';
import { visibleLines, visibleText } from '../../core/text/visible-text.ts';
import { atText } from '../format/time.ts';
import { countText } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { useComparison } from '../state/comparison.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { callHost } from '../state/host.ts';
import { useHostQuery } from '../state/use-host-query.ts';
import { commonEnds } from './comparison-figures.ts';
import { useComparisonRow } from './use-comparison-rows.ts';

/** Maximum number of characters shown of an event's data. */
const SHOWN = 20_000;

/** Both events of the selected row, with the difference marked. For a changed event, its counterpart is shown too. */
export function PairDetail({ view }: { readonly view: ComparisonView }) {
  const number = useComparison((state) => state.row);
  const row = useComparisonRow(view, number);
  const a = useEvent(view.a.capture, row === null ? null : (row.a?.seq ?? row.changed));
  const b = useEvent(view.b.capture, row === null ? null : (row.b?.seq ?? row.changed));
  if (number === null) {
    return <p className="pair-detail dim">Select a pair in the table or on the axis to see both events.</p>;
  }
  if (row === null) return <div className="pair-detail" aria-busy="true" />;
  const common = a.shown === null || b.shown === null ? null : commonEnds(a.shown.text, b.shown.text);
  const note = row.a === null ? 'A does not have this event.' : 'B does not have this event.';
  return (
    <div className="pair-detail" role="group" aria-label="The events of this pair">
      <EventSide side="A" capture={view.a.capture} event={a} common={common} note={note} />
      <EventSide side="B" capture={view.b.capture} event={b} common={common} note={note} />
    </div>
  );
}

interface FetchedEvent {
  /** Null if there is no event. */
  readonly seq: number | null;
  /** Null until it has loaded. */
  readonly shown: { readonly text: string; readonly at: CaptureTime; readonly type: string } | null;
  readonly problem: string | null;
}

const eventQuery: HostQuery<
  { readonly capture: CaptureId; readonly seq: number },
  NonNullable<FetchedEvent['shown']>
> = {
  ask: async ({ capture, seq }) => {
    const { row } = await callHost('capture.eventRow', { capture, seq });
    const { text, at, block } = await callHost('capture.detail', { capture, lane: 'blocks', row });
    return { text: text ?? '', at, type: block?.type ?? '' };
  },
  scope: ({ capture }) => capture,
};

function useEvent(capture: CaptureId, seq: number | null): FetchedEvent {
  const event = useHostQuery(eventQuery, seq === null ? null : { params: { capture, seq } });
  return {
    seq,
    shown: event.status === 'ready' ? event.data : null,
    problem: event.status === 'failed' ? event.problem : null,
  };
}

interface EventSideProps {
  readonly side: 'A' | 'B';
  readonly capture: CaptureId;
  readonly event: FetchedEvent;
  readonly common: { readonly start: number; readonly end: number } | null;
  /** Shown if there is no event. */
  readonly note: string;
}

function EventSide({ side, capture, event, common, note }: EventSideProps) {
  const { seq, shown, problem } = event;
  return (
    <section className="pair-side" aria-label={`Event of ${side}`}>
      <h4>
        {side}
        {seq !== null && (
          <button
            type="button"
            className="row-link"
            title="Close the comparison and show this event in its capture"
            onClick={() => {
              useCaptures.getState().show(capture);
              void showEvent(capture, seq);
            }}
          >
            event {seq}
          </button>
        )}
        {shown !== null && (
          <span className="dim">
            {shown.at === null ? '' : `${atText(shown.at)} s · `}
            {visibleText(shown.type)}
          </span>
        )}
      </h4>
      {seq === null && <p className="dim">{note}</p>}
      {problem !== null && <p className="problem">{problem}</p>}
      {shown !== null && <EventData text={shown.text} common={common} />}
    </section>
  );
}

function EventData({ text, common }: { readonly text: string; readonly common: EventSideProps['common'] }) {
  const shown = text.slice(0, SHOWN);
  const from = Math.min(shown.length, common?.start ?? shown.length);
  const to = Math.min(shown.length, Math.max(from, text.length - (common?.end ?? 0)));
  return (
    <pre className="wire">
      {visibleLines(shown.slice(0, from))}
      {to > from && <mark>{visibleLines(shown.slice(from, to))}</mark>}
      {visibleLines(shown.slice(to))}
      {text.length > SHOWN && (
        <span className="dim"> … {countText(text.length - SHOWN)} more characters</span>
      )}
    </pre>
  );
}
