import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessageSpan } from '../../contract/message-view.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useSelectedDetail } from '../state/selection.ts';
import { answerOf, useHostQuery } from '../state/use-host-query.ts';

const spansQuery: HostQuery<{ readonly capture: CaptureId; readonly seq: number }, readonly MessageSpan[]> = {
  ask: (params) => callHost('capture.messageSpans', params),
  scope: ({ capture }) => capture,
};

const none: readonly MessageSpan[] = [];

/** The parts of the messages that the selected event added, to highlight them. Empty without a selection. */
export function useMessageSpans(capture: CaptureId): readonly MessageSpan[] {
  const seq = answerOf(useSelectedDetail())?.block?.seq ?? null;
  const spans = useHostQuery(spansQuery, seq === null ? null : { params: { capture, seq } });
  // The message pane shows why messages cannot be read.
  return spans.status === 'ready' ? spans.data : none;
}
