import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { shortcutText } from '../actions/actions.ts';
import { countOf } from '../format/count.ts';
import { requestTitle } from '../format/request-title.ts';

const rowNames = { chunks: 'chunk', blocks: 'event', documents: 'JSON payload' } as const;

/** Shown in place of a table without rows: what the capture is waiting for, or why there are none. */
export function EmptyTable({ summary, lane }: { readonly summary: CaptureSummary; readonly lane: Lane }) {
  const { title, text } = wordsOf(summary, lane);
  const waits = summary.phase !== 'ended';
  return (
    <div className="empty-state" role="status">
      {waits && <span className="spinner" aria-hidden="true" />}
      <h2>{title}</h2>
      <p>{text}</p>
      {(summary.phase === 'connecting' || summary.phase === 'streaming') && (
        <ActionButton id="stop">
          Stop <kbd>{shortcutText('stop')}</kbd>
        </ActionButton>
      )}
    </div>
  );
}

interface Words {
  readonly title: string;
  readonly text: string;
}

function wordsOf(summary: CaptureSummary, lane: Lane): Words {
  const { phase, request, status, contentType, rows, bytes } = summary;
  const what = rowNames[lane];
  switch (phase) {
    case 'connecting':
      return {
        title: `Connecting to ${visibleText(requestTitle(request).host)}`,
        text: 'There is no response yet.',
      };
    case 'streaming': {
      const answer = `${status ?? ''} ${visibleText(contentType ?? 'without a content type')}`.trim();
      if (bytes === 0)
        return { title: 'Connected, waiting for the first byte', text: `The server answered ${answer}.` };
      return {
        title: `Receiving, no ${what} yet`,
        text: `${countOf(bytes, 'byte')} in ${countOf(rows.chunks, 'chunk')} so far. An event is complete at its blank line.`,
      };
    }
    case 'loading':
    case 'stored':
      return { title: 'Opening the capture', text: 'Reading it from disk.' };
    case 'ended':
      return endedWords(summary, what);
    default:
      return assertNever(phase);
  }
}

function endedWords({ status, bytes, rows }: CaptureSummary, what: string): Words {
  if (status === null && bytes === 0) {
    return { title: 'There was no response', text: 'The request and its phases are on the Exchange tab.' };
  }
  if (bytes === 0) {
    return { title: 'The response had no body', text: 'Its status and headers are on the Exchange tab.' };
  }
  return {
    title: `No ${what} in this capture`,
    text: `${countOf(bytes, 'byte')} came in ${countOf(rows.chunks, 'chunk')}: see the Chunks tab.`,
  };
}
