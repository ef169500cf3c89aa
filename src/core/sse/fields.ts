import { decodeUtf8, sequenceBoundary } from '../text/utf8.ts';
import type { BlockKind, Field, IgnoredReason } from './block.ts';
import { type BlockBytes, type BlockLine, linesOf } from './block-lines.ts';
import { FieldName, fieldNameOf } from './field-name.ts';
import { reconnectionTime } from './reconnection-time.ts';

const COLON = 0x3a;
const SPACE = 0x20;

/** How much of a block is read. */
export interface FieldsWanted {
  /** The most lines that are read. */
  readonly lines: number;
  /** The most bytes of a name or value that are decoded. Ranges are always complete. */
  readonly textBytes: number;
}

const defaultWanted: FieldsWanted = { lines: 1000, textBytes: 64 * 1024 };

/**
 * The lines of one block, each with its position and its effect. A block of JSON lines has no fields.
 * @param kind of the block: in a discarded one only `retry` took effect
 */
export function readFields(
  block: BlockBytes,
  kind: BlockKind,
  wanted: FieldsWanted = defaultWanted,
): Field[] {
  const fields: Field[] = [];
  if (block.framing !== 'event-stream') return fields;
  for (const line of linesOf(block)) {
    if (fields.length === wanted.lines) break;
    fields.push(fieldOf(block, line, kind, wanted.textBytes));
  }
  return fields;
}

function fieldOf({ bytes, start }: BlockBytes, line: BlockLine, kind: BlockKind, textBytes: number): Field {
  const { from, to } = line;
  const name = fieldNameOf(bytes, from, to);
  const colon = bytes.subarray(from, to).indexOf(COLON);
  const nameEnd = colon === -1 ? to : from + colon;
  let valueFrom = Math.min(nameEnd + 1, to);
  if (valueFrom < to && bytes[valueFrom] === SPACE) valueFrom++;
  const text = (textFrom: number, textTo: number): string => {
    const whole = textTo - textFrom <= textBytes;
    return decodeUtf8(
      bytes.subarray(textFrom, whole ? textTo : sequenceBoundary(bytes, textFrom, textFrom + textBytes)),
    );
  };
  const value = text(valueFrom, to);
  return {
    name: text(from, nameEnd),
    value,
    comment: name === FieldName.comment,
    range: { start: start + from, end: start + to },
    valueRange: { start: start + valueFrom, end: start + to },
    ignored: ignoredReason(name, value, line.ended, kind),
  };
}

function ignoredReason(
  name: FieldName,
  value: string,
  ended: boolean,
  kind: BlockKind,
): IgnoredReason | null {
  switch (name) {
    case FieldName.comment:
      return null;
    case FieldName.unknown:
      return 'unknown-field';
    case FieldName.retry:
      if (reconnectionTime(value) === null) return 'retry-invalid';
      // It takes effect when its line ends, not when the block ends.
      return kind === 'discarded' && !ended ? 'discarded' : null;
    case FieldName.id:
      if (value.includes('\0')) return 'id-contains-null';
      return kind === 'discarded' ? 'discarded' : null;
    case FieldName.data:
    case FieldName.event:
      return kind === 'discarded' ? 'discarded' : null;
  }
}
