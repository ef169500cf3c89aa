import { firstIndex } from '../../core/binary-search.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { Field } from '../../core/sse/block.ts';

/**
 * What a byte is in the event stream: part of a field's name (with its colon and space), of a value, of a comment, of
 * a field that had no effect, or a line ending. `plain` if unknown, as in a chunk.
 */
export type ByteRole = 'name' | 'value' | 'comment' | 'ignored' | 'ending' | 'plain';

/**
 * The role of a byte, found among the fields of its block, which are in the order of their bytes. Between fields there are
 * only line endings (and a leading BOM).
 */
export function byteRole(fields: readonly Field[], block: ByteRange | null, position: number): ByteRole {
  const field = fieldAt(fields, position);
  if (field !== null) {
    if (field.comment) return 'comment';
    if (field.ignored !== null) return 'ignored';
    return position < field.valueRange.start ? 'name' : 'value';
  }
  return block !== null && position >= block.start && position < block.end ? 'ending' : 'plain';
}

/** The field whose line holds the byte, or null. */
export function fieldAt(fields: readonly Field[], position: number): Field | null {
  const index = firstIndex(0, fields.length, (at) => position < (fields[at]?.range.end ?? 0));
  const field = fields[index];
  return field !== undefined && position >= field.range.start ? field : null;
}
