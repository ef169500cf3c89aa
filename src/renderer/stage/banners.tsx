import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { visibleText } from '../detail/visible-text.ts';
import { runAction } from '../commands/actions.ts';
import { Icon } from '../widgets/icon.tsx';
import { failureOf } from './failure-advice.ts';
import './stage.css';

/** Above the table: what went wrong, in whose words, and what to try; and warnings. Nothing where all is well. */
export function Banners({ summary }: { readonly summary: CaptureSummary }) {
  return (
    <>
      <FailureBanner summary={summary} />
      {summary.warnings.map(({ code, message }) => (
        <div key={code} className="banner warning" role="status">
          <Icon name="warning" />
          <p className="words">{visibleText(message)}</p>
        </div>
      ))}
    </>
  );
}

function FailureBanner({ summary }: { readonly summary: CaptureSummary }) {
  const failure = failureOf(summary);
  if (failure === null) return null;
  const { severity, title, code, cause, advice } = failure;
  return (
    <div className={`banner ${severity}`} role={severity === 'error' ? 'alert' : 'status'}>
      <Icon name="warning" />
      <div className="words">
        <strong>{title}</strong>
        {code !== null && <code className="wire">{visibleText(code)}</code>}
        {cause !== null && <p className="cause">{visibleText(cause)}</p>}
        {advice !== null && <p>{advice}</p>}
      </div>
      {summary.origin === 'connection' && (
        <button type="button" className="button small" onClick={() => runAction('reuse-request')}>
          Edit the request
        </button>
      )}
    </div>
  );
}
