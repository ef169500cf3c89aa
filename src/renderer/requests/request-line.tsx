import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import { type CaptureRequest, clientTitles } from '../../core/capture/record.ts';
import { headerValue } from '../../core/headers.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { countOf } from '../format/count.ts';
import { quantityText } from '../format/quantity.ts';
import { callHost } from '../state/host.ts';
import { isSendable, useDraft } from '../state/draft.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { answerOf, useHostQuery } from '../state/use-host-query.ts';
import { useView } from '../state/view.ts';
import './request-line.css';

/** The request never changes, so it is asked for once; a summary may lack a part of a long one. */
const requestQuery: HostQuery<{ readonly capture: CaptureId }, Exchange['request']> = {
  ask: async (params) => (await callHost('capture.exchange', params)).request,
  scope: ({ capture }) => capture,
};

/** What was sent for the capture that is shown, and the two ways to send it again. */
export function RequestLine({ summary }: { readonly summary: CaptureSummary }) {
  const whole = useHostQuery(requestQuery, { params: { capture: summary.id } });
  const request = answerOf(whole) ?? summary.request;
  const sending = useDraft((state) => state.sending);
  if (!isSendable(summary)) {
    return (
      <section className="request-line" aria-label="Request of this capture">
        <span className="dim">From a file that holds no request.</span>
      </section>
    );
  }
  return (
    <section className="request-line" aria-label="Request of this capture">
      <button
        type="button"
        className="sent"
        title={`${requestText(request)}\nShow the exchange`}
        onClick={() => useView.getState().setTab('exchange')}
      >
        <strong className="wire">{visibleText(request.method)}</strong>
        <span className="wire url">{visibleText(request.url)}</span>
        <span className="parts">
          <span className="client">{clientTitles[request.client]} · </span>
          {countOf(request.headers.length, 'header')} ·{' '}
          {request.body === undefined ? 'no body' : `body ${sizeText(request)}`}
        </span>
        {request.body !== undefined && (
          <span className="wire body">{visibleText(request.body.slice(0, bodyExcerpt))}</span>
        )}
      </button>
      <ActionButton id="send-again" className="button small" disabled={sending}>
        Send again
      </ActionButton>
      <ActionButton id="edit-and-send" className="button small">
        Edit and send
      </ActionButton>
    </section>
  );
}

/** Characters of a body that are worth a place on the line: more is never seen. */
const bodyExcerpt = 400;
/** And in a tooltip. */
const bodyTooltip = 1000;

function sizeText({ headers, body = '' }: CaptureRequest): string {
  const declared = Number(headerValue(headers, 'content-length') ?? Number.NaN);
  return quantityText(
    Number.isSafeInteger(declared) ? declared : new TextEncoder().encode(body).length,
    'bytes',
  );
}

function requestText({ method, url, headers, body }: CaptureRequest): string {
  const lines = [
    `${method} ${url}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', body.slice(0, bodyTooltip)]),
  ];
  return lines.map(visibleText).join('\n');
}
