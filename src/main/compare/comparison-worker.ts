import { parentPort, workerData } from 'node:worker_threads';
import { compareStreams } from '../../core/compare/comparison.ts';
import { comparisonRecord } from '../../core/compare/comparison-records.ts';
import { OutlineReader, type StreamOutline } from '../../core/compare/stream-outline.ts';
import { readRecords } from '../captures/capture-file.ts';
import { comparisonColumns, type ComparisonColumns } from './comparison-columns.ts';
import type { ComparedFile, WorkerAnswer } from './comparison-thread.ts';

/** The entry of the comparison's thread: reads two capture files and aligns them. */
const { a, b } = workerData as { readonly a: ComparedFile; readonly b: ComparedFile };

async function outlineOf({ path, size, url }: ComparedFile): Promise<StreamOutline> {
  const reader = new OutlineReader(url);
  for await (const record of readRecords(path, size)) reader.push(record);
  return reader.end();
}

async function answer(): Promise<WorkerAnswer> {
  const [outlineA, outlineB] = [await outlineOf(a), await outlineOf(b)];
  const comparison = compareStreams(outlineA, outlineB);
  const side = ({ comments, chunks, arrivals }: StreamOutline) => ({ comments, chunks, arrivals });
  return {
    result: comparisonRecord(comparison),
    columns: comparisonColumns(comparison, outlineA, outlineB),
    a: side(outlineA),
    b: side(outlineB),
  };
}

const answered = await answer();
const buffers = Object.values(answered.columns).map(
  ({ buffer }: ComparisonColumns[keyof ComparisonColumns]) => buffer,
);
// Transferred, not copied, so as not to block the host's thread.
parentPort?.postMessage(answered, [...new Set(buffers as ArrayBuffer[])]);
