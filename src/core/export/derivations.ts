import type { Records } from '../capture/capture-source.ts';
import type { JsonDocument } from '../json/documents.ts';
import type { Payload } from '../json/payload.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { Block } from '../sse/block.ts';

/** One thing that the pipeline derives from a capture. */
export type Derivation =
  | { readonly kind: 'block'; readonly block: Block; readonly payload: Payload | null }
  | { readonly kind: 'document'; readonly document: JsonDocument };

const CARRIAGE_RETURN = 0x0d;

/**
 * Runs the pipeline over records and yields what it derives, in final form: a block that the next chunk may extend is
 * yielded after that chunk. Records without an end record end at the last one.
 */
export async function* derivationsOf(records: Records): AsyncGenerator<Derivation> {
  const ready: Derivation[] = [];
  const pipeline = new Pipeline({
    block: (block, payload) => ready.push({ kind: 'block', block, payload }),
    blockExtended: (block) => {
      const index = ready.findLastIndex((item) => item.kind === 'block' && item.block.index === block.index);
      const found = ready[index];
      if (found?.kind === 'block') ready[index] = { ...found, block };
    },
    document: (document) => ready.push({ kind: 'document', document }),
  });
  let bytes = 0;
  let ended = false;
  for await (const record of records) {
    pipeline.push(record);
    if (record.kind === 'end') ended = true;
    let growing = -1;
    if (record.kind === 'chunk') {
      bytes += record.bytes.length;
      const mayGrow = record.bytes.length === 0 ? ready.length > 0 : record.bytes.at(-1) === CARRIAGE_RETURN;
      if (mayGrow)
        growing = ready.findLastIndex((item) => item.kind === 'block' && item.block.range.end === bytes);
    } else if (record.kind === 'note' && record.note !== 'reconnect') growing = 0;
    yield* ready.splice(0, growing < 0 ? ready.length : growing);
  }
  if (!ended) pipeline.push({ kind: 'end', at: null, reason: 'premature-close' });
  yield* ready;
}

/** The blocks of a capture, in final form. */
export async function* blocksOf(records: Records): AsyncGenerator<Block> {
  for await (const item of derivationsOf(records)) if (item.kind === 'block') yield item.block;
}
