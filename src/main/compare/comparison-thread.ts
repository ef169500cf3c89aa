import { Worker } from 'node:worker_threads';
import { Refusal } from '../../contract/refusal.ts';
import type { ComparisonRecord } from '../../core/compare/comparison-records.ts';
import { entryFile } from '../process/entry-file.ts';
import type { ComparisonColumns } from './comparison-columns.ts';

/** The part of a capture's file to read. */
export interface ComparedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Of the request. */
  readonly url: string;
}

/** Counts that the index of a capture does not have. */
export interface OutlineCounts {
  readonly comments: number;
  readonly chunks: number;
  readonly arrivals: number;
}

/** What the thread found. */
export interface WorkerAnswer {
  readonly result: ComparisonRecord;
  readonly columns: ComparisonColumns;
  readonly a: OutlineCounts;
  readonly b: OutlineCounts;
}

/**
 * Aligns two captures in a separate thread: a hundred thousand events take seconds. Rejects with a `Refusal` (`storage`) if a
 * file cannot be read, and with the reason of `stop` if that aborts.
 */
export function compareInThread(a: ComparedFile, b: ComparedFile, stop: AbortSignal): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) return reject(stop.reason as Error);
    const worker = new Worker(entryFile('compare/comparison-worker'), { workerData: { a, b } });
    const onStop = (): void => {
      void worker.terminate();
      reject(stop.reason as Error);
    };
    stop.addEventListener('abort', onStop, { once: true });
    worker.once('message', (answer: WorkerAnswer) => {
      stop.removeEventListener('abort', onStop);
      void worker.terminate();
      resolve(answer);
    });
    worker.once('error', (cause: NodeJS.ErrnoException) => {
      stop.removeEventListener('abort', onStop);
      reject(
        cause.code === undefined || cause.syscall === undefined
          ? cause
          : new Refusal('storage', `The capture cannot be read (${cause.message}).`, { cause }),
      );
    });
    worker.once('exit', (code) => reject(new Error(`the comparison ended with status ${code}`)));
  });
}
