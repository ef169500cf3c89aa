import type { CaptureId } from '../../contract/capture-id.ts';
import { rungNumbers } from '../../core/rungs.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { gapsUntil } from '../../core/metrics/silence-clock.ts';
import { delayText } from '../compare/comparison-figures.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { useProbedDiagnosis } from '../state/diagnosis.ts';
import { countOf, rateText } from '../format/count.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useComparisonView } from '../state/comparison.ts';
import { useHost } from '../state/host.ts';
import { useLadder } from '../state/ladder.ts';
import { useMiddleView } from '../state/middle.ts';
import type { RungView } from '../state/rung-view.ts';
import { answerOf } from '../state/use-host-query.ts';
import { useView } from '../state/view.ts';
import { useLiveNow } from '../timeline/use-live-now.ts';
import { quantityText } from '../format/quantity.ts';
import { Icon } from '../widgets/icon.tsx';
import './status-bar.css';

/** Counts, rates and gaps of the current capture, and its findings. */
export function StatusBar() {
  const current = useCaptures(currentSummary);
  const view = useMiddleView();
  // Figures of a capture that is not visible would be misread as those of the visible view.
  const summary = view === 'capture' ? current : null;
  const link = useHost((state) => state.link);
  const description = useHost((state) => state.description);
  return (
    <footer className="status">
      <div className="status-figures">
        {view === 'comparison' ? (
          <ComparisonFigures />
        ) : view === 'rung' ? (
          <LadderFigures />
        ) : summary === null ? (
          <span>{description === null ? 'Starting…' : `SSE Inspector ${description.version}`}</span>
        ) : (
          <Figures summary={summary} />
        )}
      </div>
      <span className="right-end">
        {summary !== null && <FindingsNote capture={summary.id} />}
        {summary?.warnings.map((warning) => (
          <span key={warning.code} className="warning" title={visibleText(warning.message)}>
            <Icon name="warning" size={13} /> {visibleText(warning.message)}
          </span>
        ))}
        {link === 'lost' && <span className="warning">No connection to the application. Trying again…</span>}
        {link === 'ended' && <span className="warning">The application has been closed.</span>}
      </span>
    </footer>
  );
}

/** Figures of the comparison. */
function ComparisonFigures() {
  const result = answerOf(useComparisonView())?.result ?? null;
  if (result === null) return <span>Comparing two captures</span>;
  return (
    <>
      <span>{result.equal ? 'Same content' : 'Different content'}</span>
      <span>{countOf(result.pairs, 'pair')}</span>
      <span>
        {result.onlyInA} only in A · {result.onlyInB} only in B
      </span>
      {result.delay !== null && (
        <span title="How much later the events arrived in B">
          delay p50 {delayText(result.delay.p50)} · p95 {delayText(result.delay.p95)} · max{' '}
          {delayText(result.delay.max)}
        </span>
      )}
    </>
  );
}

/** Figures of the whole ladder. */
function LadderFigures() {
  const byRung = useLadder((state) => state.byRung);
  const views = [...byRung.values()];
  const inStage = (stage: RungView['stage']): number => views.filter((view) => view.stage === stage).length;
  const checks = views.reduce((sum, view) => sum + view.checks.length, 0);
  const time = views.reduce((sum, view) => sum + (view.duration ?? 0), 0);
  if (inStage('idle') === rungNumbers.length) return <span>The ladder has not been run yet</span>;
  return (
    <>
      <span>
        {inStage('passed')} of {rungNumbers.length} rungs passed
      </span>
      {inStage('failed') > 0 && <span>{inStage('failed')} failed</span>}
      {inStage('skipped') > 0 && <span>{inStage('skipped')} skipped</span>}
      <span>{countOf(checks, 'check')}</span>
      <span>{quantityText(time, 'ms')}</span>
    </>
  );
}

/** The codes of the findings. A click shows them. */
function FindingsNote({ capture }: { readonly capture: CaptureId }) {
  const findings = useProbedDiagnosis(capture)?.findings;
  const wrong = findings?.filter(({ severity }) => severity !== 'info') ?? [];
  if (wrong.length === 0) return null;
  return (
    <button
      type="button"
      className={wrong[0]?.severity === 'error' ? 'findings-note error' : 'findings-note'}
      onClick={() => useView.getState().setTab('diagnose')}
    >
      {countOf(wrong.length, 'finding')}: {wrong.map(({ code }) => code).join(', ')}
    </button>
  );
}

function Figures({ summary }: { readonly summary: CaptureSummary }) {
  const { bytes, wireBytes, framing, rows, dispatched, rates, silences, output } = summary;
  const now = useLiveNow(isLive(summary), summary.startedAt, summary.lastAt);
  const gaps = gapsUntil(summary.gaps, silences, now);
  const others = rows.blocks - dispatched;
  const rateMeaning = isLive(summary) ? 'In the last second' : 'Over the whole body';
  return (
    <>
      <span
        title={`${countOf(bytes, 'byte')} of the body${wireBytes === bytes ? '' : `, ${countOf(wireBytes, 'byte')} on the wire`}`}
      >
        {quantityText(bytes, 'bytes')}
        {wireBytes !== bytes && wireBytes > 0 && ` (${quantityText(wireBytes, 'bytes')} on the wire)`}
      </span>
      <span>{countOf(rows.chunks, 'chunk')}</span>
      {framing === 'ndjson' && (
        <span title="The body is JSON lines, not an event stream: each line is shown as an event">
          JSON lines
        </span>
      )}
      <span title={others === 0 ? undefined : `and ${countOf(others, 'block')} that dispatched no event`}>
        {countOf(dispatched, 'event')}
      </span>
      {rates !== null && (
        <span title={rateMeaning}>
          {rateText(rates.eventsPerSecond)} events/s · {quantityText(rates.bytesPerSecond, 'bytes')}/s
        </span>
      )}
      {output !== null && output.tokensPerSecond !== null && (
        <span title={`${countOf(output.tokens, 'token')} of the model’s answer, from the first to the last`}>
          {rateText(output.tokensPerSecond)} tokens/s
        </span>
      )}
      {gaps !== null && (
        <span
          title={`Gaps between ${output === null ? 'events' : 'the model’s outputs'}: half are shorter than p50, 95 % are shorter than p95; the longest may not be over yet`}
        >
          gap p50 {quantityText(gaps.p50, 'ms')} · p95 {quantityText(gaps.p95, 'ms')} · max{' '}
          {quantityText(gaps.max, 'ms')}
        </span>
      )}
      {summary.firstByteAt !== null && (
        <span className="first-byte">first byte {quantityText(summary.firstByteAt, 'ms')}</span>
      )}
    </>
  );
}
