import { useEffect, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessageSpan } from '../../contract/message-view.ts';
import { callHost } from '../state/host.ts';
import { useSelection } from '../state/selection.ts';

/** What the selected event brought of the messages: to be lit. Empty while nothing is selected. */
export function useMessageLight(capture: CaptureId): readonly MessageSpan[] {
  const seq = useSelection((state) => (state.row === null ? null : (state.detail?.block?.seq ?? null)));
  const [light, setLight] = useState<{ readonly seq: number; readonly spans: readonly MessageSpan[] } | null>(
    null,
  );
  useEffect(() => {
    if (seq === null) return;
    let wanted = true;
    callHost('capture.messageSpans', { capture, seq }).then(
      (spans) => wanted && setLight({ seq, spans }),
      // The pane itself says why messages cannot be read.
      () => wanted && setLight(null),
    );
    return () => {
      wanted = false;
    };
  }, [capture, seq]);
  return light !== null && light.seq === seq ? light.spans : [];
}
