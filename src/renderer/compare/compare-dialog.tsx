import { useMemo } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import { captureState } from '../format/capture-state.ts';
import { captureTitle, requestTitle } from '../format/request-title.ts';
import { whenText } from '../format/time.ts';
import { useCaptures } from '../state/captures.ts';
import { useComparison } from '../state/comparison.ts';
import { useDialogs } from '../state/dialogs.ts';
import { ChooserDialog } from '../widgets/chooser-dialog.tsx';

/** Chooses the capture to compare with: `capture` is A, the other is B. Captures of the same path come first. */
export function CompareDialog({ capture }: { readonly capture: CaptureId }) {
  const close = useDialogs((state) => state.close);
  const choices = useMemo(() => choicesFor(capture), [capture]);
  return (
    <ChooserDialog
      label="Compare with"
      searchLabel="Find the capture to compare with"
      listLabel="Other captures"
      placeholder="Compare with…"
      entries={choices}
      empty="There is no other capture. Connect again, directly or through the proxy, or open a file."
      onClose={close}
      onChoose={({ key }) => useComparison.getState().compare(capture, key)}
    />
  );
}

function choicesFor(capture: CaptureId) {
  const { order, byId } = useCaptures.getState();
  const own = byId.get(capture);
  const path = own === undefined ? '' : requestTitle(own.request).path;
  const choices = order.flatMap((id) => {
    const summary = byId.get(id);
    if (summary === undefined || id === capture) return [];
    const { path, host } = requestTitle(summary.request);
    const { tone, word } = captureState(summary);
    return [
      {
        key: id,
        path,
        tone,
        title: captureTitle(summary),
        hint: `${visibleText(host)} · ${whenText(summary.startedAt, new Date())} · ${countOf(summary.dispatched, 'event')} · ${word}`,
      },
    ];
  });
  return choices.toSorted((a, b) => Number(b.path === path) - Number(a.path === path));
}
