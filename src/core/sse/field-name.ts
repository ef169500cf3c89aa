/**
 * What a line is, by its field name. Numbers, because every line of a stream gets one.
 * [spec] "Field names must be compared literally, with no case folding performed."
 */
export const FieldName = { unknown: 0, comment: 1, data: 2, event: 3, id: 4, retry: 5 } as const;
export type FieldName = (typeof FieldName)[keyof typeof FieldName];

const COLON = 0x3a;
const SPACE = 0x20;

const DATA = new TextEncoder().encode('data');
const EVENT = new TextEncoder().encode('event');
const ID = new TextEncoder().encode('id');
const RETRY = new TextEncoder().encode('retry');

/** Classifies a line that is not blank, by the bytes up to its first colon or, without a colon, by all of them. */
export function fieldNameOf(bytes: Uint8Array, from: number, to: number): FieldName {
  switch (bytes[from]) {
    case COLON:
      return FieldName.comment;
    case DATA[0]:
      return isName(bytes, from, to, DATA) ? FieldName.data : FieldName.unknown;
    case EVENT[0]:
      return isName(bytes, from, to, EVENT) ? FieldName.event : FieldName.unknown;
    case ID[0]:
      return isName(bytes, from, to, ID) ? FieldName.id : FieldName.unknown;
    case RETRY[0]:
      return isName(bytes, from, to, RETRY) ? FieldName.retry : FieldName.unknown;
    default:
      return FieldName.unknown;
  }
}

/** Length of "data: ". */
export const DATA_SPACE = 6;

/** Whether a line begins with "data: ", as nearly all do. */
export function isSpacedData(bytes: Uint8Array, from: number, to: number): boolean {
  return (
    to - from >= DATA_SPACE &&
    bytes[from] === 0x64 &&
    bytes[from + 1] === 0x61 &&
    bytes[from + 2] === 0x74 &&
    bytes[from + 3] === 0x61 &&
    bytes[from + 4] === COLON &&
    bytes[from + 5] === SPACE
  );
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

function isName(bytes: Uint8Array, from: number, to: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false;
  return endsName(bytes, from + name.length, to);
}

function endsName(bytes: Uint8Array, end: number, to: number): boolean {
  return end === to || (end < to && bytes[end] === COLON);
}
