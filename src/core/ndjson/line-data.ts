import { bomLength, CR, LF } from '../sse/line-ending.ts';
import { defaultLimits } from '../sse/block-parser.ts';
import { sequenceBoundary } from '../text/utf8.ts';

/**
 * Where the data of a line of JSON is in its bytes, which may end in a line feed: behind a BOM, before the line ending, and no
 * longer than the limit. The same as `LineReader` makes of the bytes.
 */
export function lineData(
  bytes: Uint8Array,
  atBodyStart: boolean,
  limit = defaultLimits.line,
): readonly [from: number, to: number] {
  const end = bytes[bytes.length - 1] === LF ? bytes.length - 1 : bytes.length;
  const from = atBodyStart ? bomLength(bytes, 0, Math.min(end, limit)) : 0;
  if (end > limit) return [from, sequenceBoundary(bytes, from, limit)];
  return [from, end > from && bytes[end - 1] === CR ? end - 1 : end];
}
