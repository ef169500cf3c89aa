import { useEffect, useState } from 'react';
import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import { contentVersion, isLive } from '../state/captures.ts';
import { callHost, problemOf } from '../state/host.ts';

/** How often it is read anew while notes may still come, in ms. */
const pause = 500;

/** Request, responses and notes of a capture; read anew when its state changes, and now and then while it runs. */
export function useExchange(summary: CaptureSummary): {
  readonly exchange: Exchange | null;
  readonly problem: string | null;
} {
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { id, phase } = summary;
  const version = isLive(summary) ? phase : contentVersion(summary);

  useEffect(() => {
    let ended = false;
    const read = async (): Promise<void> => {
      try {
        const next = await callHost('capture.exchange', { capture: id });
        if (ended) return;
        setExchange(next);
        setProblem(null);
      } catch (error) {
        if (!ended) setProblem(problemOf(error));
      }
    };
    void read();
    const runs = phase === 'connecting' || phase === 'streaming' || phase === 'loading';
    const timer = runs ? setInterval(() => void read(), pause) : undefined;
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [id, phase, version]);
  return { exchange, problem };
}
