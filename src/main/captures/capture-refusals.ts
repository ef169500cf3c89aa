import { Refusal } from '../../contract/refusal.ts';

export function noSuchCapture(): Refusal {
  return new Refusal('no-such-capture', 'This capture does not exist.');
}

/** For queries that were running when the capture was closed. */
export function captureClosed(cause?: unknown): Refusal {
  return new Refusal('no-such-capture', 'The capture was closed.', { cause });
}

/** Turns an error of the file system into a refusal whose message begins with `what`. */
export async function refuseStorage<T>(what: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('storage', `${what}: ${reason}.`, { cause: error });
  }
}
