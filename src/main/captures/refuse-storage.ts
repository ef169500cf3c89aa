import { Refusal } from '../../contract/refusal.ts';

/** Turns the file system's error into a refusal that begins with `what`. */
export async function refuseStorage<T>(what: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('storage', `${what}: ${reason}.`, { cause: error });
  }
}
