import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { visibleText } from '../detail/visible-text.ts';
import { isLive } from '../state/captures.ts';
import { EvidenceList } from './evidence-list.tsx';
import { useFindings } from '../state/findings.ts';
import './findings.css';

/** What is wrong with the stream, in the order of the ladder, each with what proves it and what to do. */
export function FindingsPane({ summary }: { readonly summary: CaptureSummary }) {
  const { diagnosis, problem } = useFindings();
  if (problem !== null) {
    return (
      <div className="empty-state">
        <h2>The findings cannot be shown</h2>
        <p>{problem}</p>
      </div>
    );
  }
  if (diagnosis === null) return <div className="findings" />;
  const { findings } = diagnosis;
  if (findings.length === 0) {
    return (
      <div className="empty-state">
        <h2>{isLive(summary) ? 'Nothing wrong so far' : 'Nothing wrong'}</h2>
        <p>Response, framing, UTF-8, JSON and the message are as they should be.</p>
      </div>
    );
  }
  return (
    <ol className="findings" tabIndex={0} aria-label="Findings">
      {findings.map((finding) => (
        <FindingItem key={finding.code} finding={finding} />
      ))}
    </ol>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { code, severity, rung, message, evidence, advice } = finding;
  return (
    <li className={`finding ${severity}`}>
      <h3>
        <span className="wire">{code}</span>
        <span className="dim">
          {severity} · rung {rung}
        </span>
      </h3>
      <p>{visibleText(message)}</p>
      <EvidenceList evidence={evidence} />
      <p className="dim">{advice}</p>
    </li>
  );
}
