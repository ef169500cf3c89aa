import { expect, test } from 'vitest';
import { CaptureIndex } from '../../../../src/core/capture/index/capture-index.ts';
import { Pipeline } from '../../../../src/core/pipeline/pipeline.ts';

test('an event with its own chunk and JSON row takes at most 32 bytes', () => {
  const index = new CaptureIndex();
  const pipeline = new Pipeline({
    block: (block, payload) => index.addBlock(block, payload?.state ?? null),
    blockExtended: (block) => index.extendBlock(block.range.end),
    document: (document) => index.addDocument(document),
  });
  const count = 100_000;
  const encoder = new TextEncoder();
  for (let n = 0; n < count; n += 1) {
    const bytes = encoder.encode(`event: type${n % 10}\ndata: {"n":${n}}\n\n`);
    index.addChunk(n / 8, bytes.length);
    pipeline.push({ kind: 'chunk', at: n / 8, read: n, wireBytes: bytes.length, bytes });
  }
  expect(index.dispatched).toBe(count);
  expect(index.documents).toBe(count);
  // 24.2 and what the last pages have left.
  expect(index.memory / count).toBeLessThan(26);
});
