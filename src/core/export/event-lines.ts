import type { Records } from '../capture/capture-source.ts';
import { blocksOf } from './derivations.ts';
import { eventRecord } from './records.ts';

/** The dispatched events as NDJSON, one `EventRecord` per line. */
export async function* exportEventLines(records: Records): AsyncGenerator<string> {
  for await (const block of blocksOf(records)) {
    const record = eventRecord(block);
    if (record !== null) yield `${JSON.stringify(record)}\n`;
  }
}
