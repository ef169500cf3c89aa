import { useEffect, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import { callHost } from '../state/host.ts';

/**
 * Milliseconds between an item and the one before it in its lane: its row knows. Null for none, or not known yet. For
 * one item: another one needs another component.
 */
export function useRowGap(capture: CaptureId, { lane, row }: ItemDetail): number | null {
  const [gap, setGap] = useState<number | null>(null);
  useEffect(() => {
    let left = false;
    const ask = async (): Promise<void> => {
      const { rows } = await callHost('capture.rows', { capture, lane, from: row, to: row + 1 });
      if (!left) setGap(rows[0]?.gap ?? null);
    };
    // The detail itself came, so the capture is there: a gap that is not told is merely left out.
    ask().catch(() => {});
    return () => {
      left = true;
    };
  }, [capture, lane, row]);
  return gap;
}
