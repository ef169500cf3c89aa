import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CaptureWarning } from '../../contract/capture-summary.ts';
import type { CaptureFile } from './capture-file.ts';
import type { FileDamage } from './capture-scanner.ts';
import type { CaptureSession } from './capture-session.ts';

/** ms of work per turn of the event loop, and records or bytes between looks at the clock. */
const turn = 6;
const recordsAtOnce = 32;
const bytesAtOnce = 32 * 1024;

/**
 * Reads the records of a file into a session, in short turns between which the session can answer. False if it stopped early
 * because `isWanted` returned false.
 */
export async function readSession(
  session: CaptureSession,
  file: CaptureFile,
  isWanted: () => boolean,
  onProgress: () => void,
): Promise<boolean> {
  let began = performance.now();
  let records = 0;
  let bytes = 0;
  for (let piece = await file.next(); piece !== null; piece = await file.next()) {
    for (const { record, size } of piece) {
      session.push(record, size);
      records += 1;
      bytes += size;
      if (records < recordsAtOnce && bytes < bytesAtOnce) continue;
      records = 0;
      bytes = 0;
      if (performance.now() - began < turn) continue;
      onProgress();
      await nextTurn();
      if (!isWanted()) return false;
      began = performance.now();
    }
  }
  return isWanted();
}

/** Finishes a session whose file is read to its end, with warnings about what is missing. */
export function endSession(session: CaptureSession, file: CaptureFile): void {
  const warnings: CaptureWarning[] = [];
  if (file.damage !== null) warnings.push(damageWarning(file.damage));
  if (!session.hasEnd) {
    warnings.push({
      code: 'recording-stopped',
      message: 'The recording stopped here, because the application ended first.',
    });
  }
  session.warn(warnings);
  session.finish();
}

function damageWarning({ kind, bytes }: FileDamage): CaptureWarning {
  const count = `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return kind === 'torn'
    ? {
        code: 'torn-tail',
        message: `The last record is incomplete. ${count} at the end are left out.`,
      }
    : {
        code: 'damaged',
        message: `The file is damaged. Its last ${count} are left out.`,
      };
}
