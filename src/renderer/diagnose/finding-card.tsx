import type { Finding, Severity } from '../../core/findings/finding.ts';
import { visibleText } from '../detail/visible-text.ts';
import { EvidenceList } from './evidence-list.tsx';

const severityTitles: Readonly<Record<Severity, string>> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Information',
};

/** One finding in its three layers: what was observed and what proves it, what may have caused it, what would decide. */
export function FindingCard({ finding }: { readonly finding: Finding }) {
  const { code, severity, rung, message, evidence, causes, advice, decider } = finding;
  return (
    <article className={`finding ${severity}`} aria-label={`${severityTitles[severity]}: ${code}`}>
      <h3>
        <span className={`severity ${severity}`}>{severityTitles[severity]}</span>
        <span className="wire">{code}</span>
        <span className="dim">rung {rung}</span>
      </h3>
      <p className="observation">{visibleText(message)}</p>
      <EvidenceList evidence={evidence} />
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
            <dd>{decider.text}</dd>
          </div>
        )}
      </dl>
    </article>
  );
}
