import { useMemo, useReducer } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { callHost } from '../state/host.ts';
import { ByteWindows } from './byte-windows.ts';

/** The body of a capture as windows of bytes; renders again as they come. */
export function useBytes(capture: CaptureId): ByteWindows {
  const [, changed] = useReducer((version: number) => version + 1, 0);
  return useMemo(
    () => new ByteWindows((start, end) => callHost('capture.bytes', { capture, start, end }), changed),
    [capture],
  );
}
