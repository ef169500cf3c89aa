import { useEffect, useState } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { captureState } from '../format/capture-state.ts';
import { quantityText } from '../format/quantity.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useDiagnosis } from '../state/diagnosis.ts';
import { useMiddleView } from '../state/middle.ts';
import { Dot } from '../widgets/dot.tsx';

/** The state of the current capture, with a clock while it is live. */
export function StatePill() {
  const summary = useCaptures(currentSummary);
  // Wherever the capture is in sight, in the pill or the list, its diagnosis is.
  useDiagnosis();
  const isShown = useMiddleView() === 'capture';
  // A capture that is not visible is shown only while it is live.
  if (summary === null || (!isShown && !isLive(summary))) return <span className="pill idle">Ready</span>;
  const { tone, word } = captureState(summary);
  return (
    <span className={`pill ${tone}`} role="status" aria-label={`State: ${word}`} title={endTitle(summary)}>
      <Dot tone={tone} />
      <span className="word">{word}</span>
      {isLive(summary) ? <Clock since={summary.startedAt} /> : <Duration summary={summary} />}
    </span>
  );
}

function endTitle({ end }: CaptureSummary): string | undefined {
  return end?.error?.message;
}

function Duration({ summary }: { readonly summary: CaptureSummary }) {
  const at = summary.end?.at ?? null;
  return at === null ? null : <span className="clock">{quantityText(at, 'ms')}</span>;
}

const tick = 100;

/** Time since the request began. It uses a timer, because it must also advance while nothing arrives. */
function Clock({ since }: { readonly since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tick);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, now - Date.parse(since)) / 1000;
  const text = seconds < 100 ? `${seconds.toFixed(1)} s` : quantityText(seconds * 1000, 'ms');
  return (
    <span className="clock" aria-hidden="true">
      {text}
    </span>
  );
}
