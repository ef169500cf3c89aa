import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessageSpan } from '../../contract/message-view.ts';
import { DetailSection } from './detail-section.tsx';
import { useView } from '../state/view.ts';
import { visibleInPlace } from '../../core/text/visible-text.ts';
import { useMessageSpans } from '../message/messages.ts';

/** The part of the message that the selected event added, with the words before it. Nothing if it added none. */
export function InMessage({ capture }: { readonly capture: CaptureId }) {
  const spans = useMessageSpans(capture);
  if (spans.length === 0) return null;
  return (
    <DetailSection
      title="In the message"
      actions={
        <button type="button" className="row-link" onClick={() => useView.getState().setTab('message')}>
          show it
        </button>
      }
    >
      {spans.map((span) => (
        <p key={`${span.message}/${span.part}`} className="in-message">
          {names[span.kind] === null ? null : <span className="dim">{names[span.kind]}: </span>}
          {span.from > span.before.length ? '…' : ''}
          <Words span={span} />
        </p>
      ))}
    </DetailSection>
  );
}

const names = { text: null, reasoning: 'reasoning', refusal: 'refusal', 'tool-call': 'arguments' } as const;

function Words({ span }: { readonly span: MessageSpan }) {
  return (
    <>
      {visibleInPlace(span.before)}
      <mark>{visibleInPlace(span.text)}</mark>
      {span.to - span.from > span.text.length ? '…' : ''}
    </>
  );
}
