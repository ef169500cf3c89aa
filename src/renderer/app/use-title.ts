import { useEffect } from 'react';
import { visibleText } from '../../core/text/visible-text.ts';
import { captureState } from '../format/capture-state.ts';
import { requestTitle } from '../format/request-title.ts';
import { currentSummary, useCaptures } from '../state/captures.ts';

/** Keeps the window's title: what the current capture is and how it goes. */
export function useTitle(): void {
  const title = useCaptures((state) => {
    const summary = currentSummary(state);
    if (summary === null) return 'SSE Inspector';
    const { method, path, host } = requestTitle(summary.request);
    const name = visibleText(summary.name ?? `${method} ${host}${path}`.trim());
    return `${name} · ${captureState(summary).word} · SSE Inspector`;
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
