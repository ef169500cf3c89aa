import type { CaptureId } from '../../contract/capture-id.ts';
import type { Severity } from '../../core/findings/finding.ts';
import type { ProbedFinding } from '../../core/findings/probe-verdict.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { EvidenceList } from './evidence-list.tsx';
import { ProbeControl } from './probe-control.tsx';

const severityTitles: Readonly<Record<Severity, string>> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
};

interface FindingCardProps {
  readonly finding: ProbedFinding;
  readonly capture: CaptureId;
  /** Probes need a stream that has ended. */
  readonly canProbe: boolean;
}

/** One finding: what was observed and its evidence, possible causes, advice, and the probe that would decide. */
export function FindingCard({ finding, capture, canProbe }: FindingCardProps) {
  const { decided = [], code, severity, rung, message, evidence, causes, advice, decider, probe } = finding;
  // The verdict of its own decider is already shown above.
  const decidedByOthers = decided.filter((other) => other.probe !== decider?.probe);
  return (
    <article className={`finding ${severity}`} aria-label={`${severityTitles[severity]}: ${code}`}>
      <h3>
        <span className={`severity ${severity}`}>{severityTitles[severity]}</span>
        <span className="wire">{code}</span>
        <span className="dim">rung {rung}</span>
        {probe !== undefined && <span className="dim">found by probe {probe}</span>}
      </h3>
      <p className="observation">{visibleText(message)}</p>
      <EvidenceList evidence={evidence} isHere={probe === undefined} />
      <dl>
        {causes.length > 0 && (
          <div>
            <dt>May be caused by</dt>
            <dd>
              <ul>
                {causes.map((cause) => (
                  <li key={cause}>{cause}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        <div>
          <dt>What to do</dt>
          <dd>{advice}</dd>
        </div>
        {decider !== null && (
          <div>
            <dt>What would decide</dt>
            <dd>
              {decider.text}{' '}
              {canProbe && decider.probe !== null && <ProbeControl capture={capture} probe={decider.probe} />}
            </dd>
          </div>
        )}
        {decidedByOthers.map((other) => (
          <div key={other.probe}>
            <dt>Decided by {other.probe}</dt>
            <dd>{visibleText(other.text)}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
