import { useEffect, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import { contentVersion, isLive } from '../state/captures.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useHostQuery, type QueryState } from '../state/use-host-query.ts';

/** Interval in ms for reading again while notes may arrive: summaries do not report them. */
const pause = 500;

const exchangeQuery: HostQuery<{ readonly capture: CaptureId }, Exchange> = {
  ask: (params) => callHost('capture.exchange', params),
  scope: ({ capture }) => capture,
};

/** Request, responses and notes of a capture; read again when its state changes, and at intervals while it runs. */
export function useExchange(summary: CaptureSummary): QueryState<Exchange> {
  const { id, phase } = summary;
  const version = isLive(summary) ? phase : contentVersion(summary);
  const runs = isLive(summary) || phase === 'loading';
  const [beats, setBeats] = useState(0);
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => setBeats((count) => count + 1), pause);
    return () => clearInterval(timer);
  }, [runs]);
  return useHostQuery(exchangeQuery, { params: { capture: id }, revision: `${version} ${beats}` });
}
