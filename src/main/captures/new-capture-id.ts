import { randomInt } from 'node:crypto';
import { captureId, type CaptureId } from '../../contract/capture-id.ts';

/** A new id: sorts by its time (UTC, to the millisecond) and is random beyond that. */
export function newCaptureId(now: Date): CaptureId {
  const digits = now.toISOString().replaceAll(/[^0-9]/g, '');
  const random = randomInt(2 ** 47)
    .toString(36)
    .padStart(10, '0');
  return captureId.parse(`${digits.slice(0, 8)}-${digits.slice(8, 17)}-${random}`);
}
