import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { decodeBase64 } from '../../core/capture/base64.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useHostQuery } from '../state/use-host-query.ts';
import { Icon } from '../widgets/icon.tsx';
import { failureOf } from './failure-advice.ts';
import './banners.css';

/** Banners above the table: the failure of the capture with advice, and its warnings. */
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
        <ActionButton id="edit-and-send" className="button small">
          Edit the request
        </ActionButton>
      )}
    </div>
  );
}

function isErrorPage({ status }: CaptureSummary): boolean {
  return status !== null && status >= 400;
}

/** Number of bytes and lines shown: enough to recognise an error page or a JSON error. */
const excerptBytes = 600;
const excerptLines = 6;

const excerptQuery: HostQuery<{ readonly capture: CaptureId; readonly end: number }, string> = {
  ask: async ({ capture, end }) => {
    const { base64 } = await callHost('capture.bytes', { capture, start: 0, end });
    return new TextDecoder().decode(decodeBase64(base64) ?? undefined);
  },
  scope: ({ capture }) => capture,
};

/** The beginning of a body that is not a stream. It often explains the error. */
function BodyExcerpt({ summary }: { readonly summary: CaptureSummary }) {
  const { id, bytes } = summary;
  const end = Math.min(bytes, excerptBytes);
  const body = useHostQuery(excerptQuery, end === 0 ? null : { params: { capture: id, end } });
  if (body.status === 'failed') return <p className="problem">{body.problem}</p>;
  const lines = (body.data ?? '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, excerptLines);
  if (lines.length === 0) return null;
  return (
    <pre className="wire excerpt" aria-label="Beginning of the body">
      {lines.map(visibleText).join('\n')}
      {bytes > excerptBytes && ' …'}
    </pre>
  );
}
