import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Diagnosis, RungVerdict } from '../../core/findings/diagnosis.ts';
import type { EndVerdict } from '../../core/findings/end-verdict.ts';
import { runAction } from '../actions/actions.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import { ladderRungs } from '../../core/rungs.ts';
import { RungMark } from '../ladder/rung-mark.tsx';
import { isLive } from '../state/captures.ts';
import { useDiagnosis, useProbedDiagnosis } from '../state/diagnosis.ts';
import { FindingCard } from './finding-card.tsx';
import { ProbeControl } from './probe-control.tsx';
import './diagnose.css';

/** What is wrong with the stream: a verdict for each rung, how it ended, and the findings, worst first. */
export function DiagnosePane({ summary }: { readonly summary: CaptureSummary }) {
  const state = useDiagnosis();
  const diagnosis = useProbedDiagnosis(summary.id);
  if (state.status === 'failed') {
    return (
      <div className="empty-state">
        <h2>The stream cannot be diagnosed</h2>
        <p>{state.problem}</p>
      </div>
    );
  }
  if (diagnosis === null) return <div className="diagnosis" aria-busy="true" />;
  return (
    <div className="diagnosis" tabIndex={0} role="region" aria-label="Diagnosis">
      <Verdict diagnosis={diagnosis} isLive={isLive(summary)} />
      <ol className="rung-verdicts" aria-label="Rungs of this capture">
        {diagnosis.rungs.map((rung) => (
          <RungLine key={rung.rung} verdict={rung} capture={summary.id} canProbe={!isLive(summary)} />
        ))}
      </ol>
      <End end={diagnosis.end} />
      {diagnosis.findings.length > 0 && (
        <ol className="findings" aria-label="Findings">
          {diagnosis.findings.map((finding) => (
            <li key={finding.code}>
              <FindingCard finding={finding} capture={summary.id} canProbe={!isLive(summary)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Opens the dialog that compares this capture with another. */
function CompareButton() {
  return (
    <button
      type="button"
      className="button small"
      title="Compare this capture with another: the same stream without the proxy, or from yesterday"
      onClick={() => runAction('compare')}
    >
      Compare with…
    </button>
  );
}

/** The verdict in one line: the rung that breaks, if any, and how many rungs could not be judged. */
function Verdict({ diagnosis, isLive }: { readonly diagnosis: Diagnosis; readonly isLive: boolean }) {
  const broken = diagnosis.rungs.filter(({ state }) => state === 'failed');
  const unknown = diagnosis.rungs.filter(({ state }) => state === 'skipped').length;
  const [first] = broken;
  const unjudged = unknown === 0 ? '' : ` This capture says nothing about ${countOf(unknown, 'rung')}.`;
  if (first === undefined) {
    return (
      <header className="verdict">
        <CompareButton />
        <h2>{isLive ? 'Nothing wrong so far' : 'Nothing wrong'}</h2>
        <p className="dim">No errors or warnings on the judged rungs.{unjudged}</p>
      </header>
    );
  }
  return (
    <header className="verdict failed">
      <CompareButton />
      <h2>
        It breaks at rung {first.rung}, {ladderRungs[first.rung].title}
      </h2>
      <p className="dim">
        {broken.length === 1
          ? 'All other judged rungs pass.'
          : `It also breaks at ${broken
              .slice(1)
              .map(({ rung }) => `rung ${rung}, ${ladderRungs[rung].title}`)
              .join('; ')}.`}
        {unjudged}
      </p>
    </header>
  );
}

const states = { passed: 'passed', failed: 'failed', skipped: 'not judged' } as const;

interface RungLineProps {
  readonly verdict: RungVerdict;
  readonly capture: CaptureId;
  readonly canProbe: boolean;
}

function RungLine({ verdict: { rung, state, text }, capture, canProbe }: RungLineProps) {
  // Rung 2 needs a browser, which one probe uses.
  const canAskBrowser = rung === 2 && state === 'skipped' && canProbe;
  return (
    <li className={state}>
      <RungMark rung={rung} stage={state} isBroken={false} />
      <span className="rung-name">
        {rung} {ladderRungs[rung].title}
        <span className="unseen"> {states[state]}</span>
      </span>
      <span className="rung-text">
        {visibleText(text)} {canAskBrowser && <ProbeControl capture={capture} probe="browser" />}
      </span>
    </li>
  );
}

/** How the transport ended and how the message ended: neither follows from the other. */
function End({ end: { transport, message, text } }: { readonly end: EndVerdict }) {
  return (
    <p className="end-verdict">
      <span className={`ended ${transport === 'complete' ? 'good' : ''}`}>
        transport: {transport ?? 'streaming'}
      </span>
      <span className={`ended ${message === 'complete' ? 'good' : message === 'none' ? '' : 'bad'}`}>
        message: {message}
      </span>
      <span>{text}</span>
    </p>
  );
}
