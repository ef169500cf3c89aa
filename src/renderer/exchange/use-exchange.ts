import { useEffect, useRef, useState } from 'react';
import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import { callHost, problemOf } from '../state/host.ts';

/** How often it is read anew while notes may still come, in ms. */
const pause = 1000;

/** Request, responses and notes of a capture; read anew when its state changes, and now and then while it runs. */
export function useExchange(summary: CaptureSummary): {
  readonly exchange: Exchange | null;
  readonly problem: string | null;
} {
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { id, phase, status } = summary;
  const newest = useRef(0);

  useEffect(() => {
    const read = (): void => {
      newest.current += 1;
      const mine = newest.current;
      callHost('capture.exchange', { capture: id }).then(
        (next) => {
          if (mine !== newest.current) return;
          setExchange(next);
          setProblem(null);
        },
        (error: unknown) => {
          if (mine === newest.current) setProblem(problemOf(error));
        },
      );
    };
    read();
    const runs = phase === 'connecting' || phase === 'streaming' || phase === 'loading';
    const timer = runs ? setInterval(read, pause) : undefined;
    return () => {
      clearInterval(timer);
      newest.current += 1;
    };
  }, [id, phase, status]);
  return { exchange, problem };
}
