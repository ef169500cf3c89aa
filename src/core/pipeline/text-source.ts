import { lineData } from '../ndjson/line-reader.ts';
import { assertNever } from '../assert-never.ts';
import type { ByteRange } from '../byte-range.ts';
import { decodeUtf8, indexAfterUnits, sequenceBoundary } from '../text/utf8.ts';
import { type BlockBytes, linesOf } from '../sse/block-lines.ts';
import { defaultLimits } from '../sse/block-parser.ts';
import { FieldName, fieldNameOf, valueStart } from '../sse/field-name.ts';

/**
 * A piece of a data or JSON text and the body bytes that made it: text [from, to) (UTF-16 code units) is `range`. The
 * line feeds that join data lines are not part of any piece.
 */
export interface TextSource {
  readonly from: number;
  readonly to: number;
  readonly range: ByteRange;
}

/**
 * Where the text of a document comes from: the data of these blocks, concatenated, from index `from` of the first to
 * index `to` of the last (as in `JsonDocument`). One block, 0 and Infinity give the sources of its data.
 */
export function textSources(blocks: readonly BlockBytes[], from: number, to: number): TextSource[] {
  const sources: TextSource[] = [];
  let length = -from;
  blocks.forEach((block, i) => {
    const first = i === 0 ? from : 0;
    const last = i === blocks.length - 1 ? to : Number.POSITIVE_INFINITY;
    length = addSources(sources, block, length, first, last);
  });
  return sources;
}

/**
 * Adds the pieces of a block's data [from, to).
 * @param base where the block's data begins in the text
 * @returns where it ends
 */
function addSources(
  sources: TextSource[],
  block: BlockBytes,
  base: number,
  from: number,
  to: number,
): number {
  const { bytes, start } = block;
  let at = 0;
  let lines = 0;
  for (const [valueFrom, valueTo] of dataOf(block)) {
    if (lines++ > 0) at++;
    const length = decodeUtf8(bytes.subarray(valueFrom, valueTo)).length;
    const pieceFrom = Math.max(at, from);
    const pieceTo = Math.min(at + length, to);
    if (pieceFrom < pieceTo) {
      const byteFrom =
        pieceFrom === at ? valueFrom : indexAfterUnits(bytes, valueFrom, valueTo, pieceFrom - at);
      const byteTo =
        pieceTo === at + length ? valueTo : indexAfterUnits(bytes, byteFrom, valueTo, pieceTo - pieceFrom);
      sources.push({
        from: base + pieceFrom,
        to: base + pieceTo,
        range: { start: start + byteFrom, end: start + byteTo },
      });
    }
    at += length;
  }
  return base + at;
}

/** The data lines of a block that the pipeline keeps, as indices into its bytes. */
function dataOf(block: BlockBytes): Iterable<readonly [from: number, to: number]> {
  switch (block.framing) {
    case 'event-stream':
      return dataFields(block);
    case 'ndjson':
      return [lineData(block.bytes, block.atBodyStart)];
    default:
      return assertNever(block.framing);
  }
}

function* dataFields(block: BlockBytes): Generator<readonly [from: number, to: number]> {
  const { bytes } = block;
  for (const line of linesOf(block)) {
    if (fieldNameOf(bytes, line.from, line.to) !== FieldName.data) continue;
    if (line.to > defaultLimits.block) break;
    const from = valueStart(FieldName.data, bytes, line.from, line.to);
    const isLong = line.to - line.from > defaultLimits.line;
    yield [from, isLong ? sequenceBoundary(bytes, from, line.from + defaultLimits.line) : line.to];
  }
}
