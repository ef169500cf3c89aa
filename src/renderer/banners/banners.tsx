import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { runAction } from '../actions/actions.ts';
import { Icon } from '../widgets/icon.tsx';
import { BodyExcerpt } from './body-excerpt.tsx';
import { failureOf } from './failure-advice.ts';
import '../empty-state/empty-state.css';

/** Above the table: what went wrong, in whose words, and what to try; and warnings. Nothing where all is well. */
export function Banners({ summary }: { readonly summary: CaptureSummary }) {
  return (
    <>
      <FailureBanner summary={summary} />
      {summary.warnings.map(({ code, message }) => (
        <div key={code} className="banner warning" role="status">
          <Icon name="warning" />
          <div className="words">
            <p>{visibleText(message)}</p>
            {code === 'not-event-stream' && !isErrorPage(summary) && <BodyExcerpt summary={summary} />}
          </div>
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
        {isErrorPage(summary) && <BodyExcerpt summary={summary} />}
      </div>
      {summary.origin === 'connection' && (
        <button type="button" className="button small" onClick={() => runAction('reuse-request')}>
          Edit the request
        </button>
      )}
    </div>
  );
}

function isErrorPage({ status }: CaptureSummary): boolean {
  return status !== null && status >= 400;
}
