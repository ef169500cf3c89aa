import type { CaptureTime } from '../../core/capture-time.ts';
import type { EndRecord } from '../../core/capture/record.ts';

/**
 * The end of a capture whose file has none: this program, or the machine, stopped while it was recorded. What came after
 * `at` is not known.
 */
export function recordingStopped(at: CaptureTime): EndRecord {
  const message = 'The recording stopped here, before the stream ended.';
  return { kind: 'end', at, reason: 'premature-close', error: { code: 'RECORDING_STOPPED', message } };
}
