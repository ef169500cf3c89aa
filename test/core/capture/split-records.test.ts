import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { splitRecords, type Split } from '../../../src/core/capture/split-records.ts';
import { arbitraryCapture } from './arbitrary-capture.ts';

const chunk = (text: string, read: number): CaptureRecord => {
  const bytes = new TextEncoder().encode(text);
  return { kind: 'chunk', at: read * 10, read, wireBytes: 99, bytes };
};

async function split(records: readonly CaptureRecord[], how: Split): Promise<CaptureRecord[]> {
  const pieces: CaptureRecord[] = [];
  for await (const record of splitRecords(records, how)) pieces.push(record);
  return pieces;
}

/** The bytes between records of another kind, which stay where they are. */
function bodies(records: readonly CaptureRecord[]): unknown[] {
  const parts: unknown[] = [];
  let hex = '';
  for (const record of records) {
    if (record.kind === 'chunk') hex += Buffer.from(record.bytes).toString('hex');
    else {
      parts.push(hex, record);
      hex = '';
    }
  }
  return [...parts, hex];
}

const arbitrarySplit: fc.Arbitrary<Split> = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), size: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: fc.constant('random' as const), seed: fc.nat() }),
);

describe('a body cut into other pieces', () => {
  test('has the same bytes between the same other records', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCapture, arbitrarySplit, async ({ records }, how) => {
        expect(bodies(await split(records, how))).toEqual(bodies(records));
      }),
      { numRuns: 300 },
    );
  });

  test('has the size asked for, and each piece the time its last byte came', async () => {
    const pieces = await split([chunk('abcde', 1), chunk('f', 2), chunk('ghi', 3)], {
      kind: 'fixed',
      size: 4,
    });
    expect(pieces).toEqual([
      { ...chunk('abcd', 1), wireBytes: 4 },
      { ...chunk('efgh', 3), wireBytes: 4 },
      { ...chunk('i', 3), wireBytes: 1 },
    ]);
  });

  test('is cut the same way by the same seed, and otherwise by another', async () => {
    const record: CaptureRecord = {
      kind: 'chunk',
      at: 0,
      read: 0,
      wireBytes: 0,
      bytes: new Uint8Array(5000),
    };
    const lengths = async (seed: number): Promise<number[]> =>
      (await split([record], { kind: 'random', seed })).map((piece) =>
        piece.kind === 'chunk' ? piece.bytes.length : 0,
      );
    expect(await lengths(7)).toEqual(await lengths(7));
    expect(await lengths(7)).not.toEqual(await lengths(8));
    expect(Math.min(...(await lengths(7)))).toBeLessThan(4);
  });
});
