import type { Records } from '../capture/capture-source.ts';

/** The decoded body, one piece per chunk. */
export async function* exportBody(records: Records): AsyncGenerator<Uint8Array> {
  for await (const record of records)
    if (record.kind === 'chunk' && record.bytes.length > 0) yield record.bytes;
}
