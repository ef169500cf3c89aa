import { assertNever } from '../../core/assert-never.ts';

/**
 * What the text column shows for one byte.
 * - `text`: a printable character that begins here. - `rest`: a later byte of such a character.
 * - `control`: a control or invisible character, shown as a sign. - `broken`: not well-formed UTF-8.
 */
export interface ByteGlyph {
  readonly kind: 'text' | 'rest' | 'control' | 'broken';
  readonly text: string;
}

const REST: ByteGlyph = { kind: 'rest', text: '·' };
/** Under the second half of a wide character. */
const COVERED: ByteGlyph = { kind: 'rest', text: ' ' };
const BROKEN: ByteGlyph = { kind: 'broken', text: '×' };
const OTHER_CONTROL: ByteGlyph = { kind: 'control', text: '¤' };
const CONTROLS = new Map<number, ByteGlyph>([
  [0x00, { kind: 'control', text: '∅' }],
  [0x09, { kind: 'control', text: '→' }],
  [0x0a, { kind: 'control', text: '↵' }],
  [0x0d, { kind: 'control', text: '←' }],
]);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Controls, format characters (direction overrides among them), lone surrogates, private use, unassigned, line
// separators, and marks that would print over their neighbour.
const unprintable = /^[\p{C}\p{Zl}\p{Zp}\p{M}]$/u;

/**
 * Glyph of the byte at `position`. Looks at up to three bytes on either side, so that a character may begin in one row
 * (or window) and continue in the next.
 *
 * @param byteAt byte at a position of the body; undefined if unknown
 */
export function byteGlyph(byteAt: (position: number) => number | undefined, position: number): ByteGlyph {
  const byte = byteAt(position);
  if (byte === undefined) return BROKEN;
  if (byte < 0x80) return asciiGlyph(byte);
  for (let back = 0; back <= 3; back++) {
    const lead = byteAt(position - back);
    if (lead === undefined || lead < 0x80) return BROKEN;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
    if (length === 0) continue;
    if (length <= back) return BROKEN;
    const character = decodeAt(byteAt, position - back, length);
    if (character === null) return BROKEN;
    if (back > 0) return back === 1 && isWide(character) ? COVERED : REST;
    return unprintable.test(character) ? OTHER_CONTROL : { kind: 'text', text: character };
  }
  return BROKEN;
}

/** Whether a character takes two cells: East Asian ones and pictures. */
function isWide(character: string): boolean {
  return (
    (character.codePointAt(0) ?? 0) >= 0x1100 &&
    !unprintable.test(character) &&
    !/^[\u1e00-\u2e7f]$/.test(character)
  );
}

function asciiGlyph(byte: number): ByteGlyph {
  if (byte >= 0x20 && byte < 0x7f) return { kind: 'text', text: String.fromCharCode(byte) };
  return CONTROLS.get(byte) ?? OTHER_CONTROL;
}

function decodeAt(
  byteAt: (position: number) => number | undefined,
  start: number,
  length: number,
): string | null {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const byte = byteAt(start + index);
    if (byte === undefined) return null;
    bytes[index] = byte;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    // The sequence is not well-formed.
    return null;
  }
}

const NAMES = [
  'null',
  '',
  '',
  '',
  '',
  '',
  '',
  'bell',
  'backspace',
  'tab',
  'line feed',
  '',
  '',
  'carriage return',
];

/** A byte in words, for the line under the hex view: `0a line feed`, `63 "c"`. */
export function byteText(byte: number, glyph: ByteGlyph): string {
  const hex = byte.toString(16).padStart(2, '0');
  const named = byte === 0x1b ? 'escape' : (NAMES[byte] ?? '');
  if (named !== '') return `${hex} ${named}`;
  switch (glyph.kind) {
    case 'text':
      return `${hex} "${glyph.text}"`;
    case 'rest':
      return `${hex} inside a character`;
    case 'broken':
      return `${hex} not well-formed UTF-8`;
    case 'control':
      return `${hex} control character`;
    default:
      return assertNever(glyph.kind);
  }
}
