/**
 * What a line is, by its field name. Numbers, because the scanner tells one for every line of a stream.
 * [spec] "Field names must be compared literally, with no case folding performed."
 */
export const FieldName = { unknown: 0, comment: 1, data: 2, event: 3, id: 4, retry: 5 } as const;
export type FieldName = (typeof FieldName)[keyof typeof FieldName];

const COLON = 0x3a;
const SPACE = 0x20;

/** Tells a line that is not blank by the bytes up to its first colon, or all of them where it has none. */
export function fieldNameOf(bytes: Uint8Array, from: number, to: number): FieldName {
  switch (bytes[from]) {
    case COLON:
      return FieldName.comment;
    case 0x64: // data
      return endsName(bytes, from + 4, to) &&
        bytes[from + 1] === 0x61 &&
        bytes[from + 2] === 0x74 &&
        bytes[from + 3] === 0x61
        ? FieldName.data
        : FieldName.unknown;
    case 0x65: // event
      return endsName(bytes, from + 5, to) &&
        bytes[from + 1] === 0x76 &&
        bytes[from + 2] === 0x65 &&
        bytes[from + 3] === 0x6e &&
        bytes[from + 4] === 0x74
        ? FieldName.event
        : FieldName.unknown;
    case 0x69: // id
      return endsName(bytes, from + 2, to) && bytes[from + 1] === 0x64 ? FieldName.id : FieldName.unknown;
    case 0x72: // retry
      return endsName(bytes, from + 5, to) &&
        bytes[from + 1] === 0x65 &&
        bytes[from + 2] === 0x74 &&
        bytes[from + 3] === 0x72 &&
        bytes[from + 4] === 0x79
        ? FieldName.retry
        : FieldName.unknown;
    default:
      return FieldName.unknown;
  }
}

const nameLengths = [0, 0, 4, 5, 2, 5] as const;

/**
 * Where the value of a line begins; for an unknown field the line itself.
 * [spec] "If value starts with a U+0020 SPACE character, remove it from value." A line without a colon has the empty
 * string as its value.
 */
export function valueStart(name: FieldName, bytes: Uint8Array, from: number, to: number): number {
  if (name === FieldName.unknown) return from;
  const colon = from + nameLengths[name];
  if (colon >= to) return to;
  const start = colon + 1;
  return start < to && bytes[start] === SPACE ? start + 1 : start;
}

function endsName(bytes: Uint8Array, end: number, to: number): boolean {
  return end === to || (end < to && bytes[end] === COLON);
}
