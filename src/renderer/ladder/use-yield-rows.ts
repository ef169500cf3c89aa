import { useEffect, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { contentVersion, useCaptures } from '../state/captures.ts';
import { callHost, problemOf } from '../state/host.ts';
import { type YieldRow, yieldRows } from './yield-log.ts';

/** Events that are shown at most: the ladder's own runs have a few dozen. */
const limit = 1000;

interface YieldLog {
  /** Null before the first answer. */
  readonly rows: readonly YieldRow[] | null;
  readonly problem: string | null;
}

/** The yields and arrivals of a run, read anew as events arrive. */
export function useYieldRows(capture: CaptureId): YieldLog {
  const version = useCaptures((state) => {
    const summary = state.byId.get(capture);
    return summary === undefined ? '' : contentVersion(summary);
  });
  const [log, setLog] = useState<YieldLog>({ rows: null, problem: null });

  useEffect(() => {
    let wanted = true;
    const read = async (): Promise<void> => {
      try {
        const [exchange, window] = await Promise.all([
          callHost('capture.exchange', { capture }),
          callHost('capture.rows', { capture, lane: 'events', from: 0, to: limit }),
        ]);
        if (wanted) setLog({ rows: yieldRows(exchange.notes, window.rows).slice(0, limit), problem: null });
      } catch (error) {
        if (wanted) setLog({ rows: null, problem: problemOf(error) });
      }
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [capture, version]);
  return log;
}
