const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const exactDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;

/** From here on what a decoder does with a long text counts for more than what it does with any. */
const LONG_BYTES = 512;

/**
 * Decodes bytes as the Encoding Standard's UTF-8 decoder does: ill-formed sequences become U+FFFD. A BOM is content.
 * @param isWide the text is expected to be largely beyond ASCII. For such a text Node's decoder is many times faster when it
 *   streams, and for ASCII many times slower (Node 20) or the same (Node 26); the result is the same.
 */
export function decodeUtf8(bytes: Uint8Array, isWide = false): string {
  if (!isWide || bytes.length < LONG_BYTES) return decoder.decode(bytes);
  const text = decoder.decode(bytes, { stream: true });
  return (bytes[bytes.length - 1] as number) < 0x80 ? text : text + decoder.decode();
}

/** The text of bytes that are whole, well-formed UTF-8 (a BOM stays in it); null for all others. */
export function decodeExactly(bytes: Uint8Array): string | null {
  try {
    return exactDecoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The bytes of a text; null where it holds a lone surrogate, which UTF-8 cannot express. */
export function encodeExactly(text: string): Uint8Array | null {
  return loneSurrogate.test(text) ? null : encoder.encode(text);
}

/** How many bytes at the beginning (at most 3) can only be the end of a sequence that began before. */
export function sequenceRest(bytes: Uint8Array): number {
  let length = 0;
  while (length < 3 && length < bytes.length && ((bytes[length] as number) & 0xc0) === 0x80) length++;
  return length;
}

/**
 * True where `text`, decoded from `bytes[from, to)`, holds a U+FFFD that stands for ill-formed bytes, as opposed to one
 * that was sent: it then has more of them than the bytes have of its sequence, which is the same in any surroundings.
 */
export function isIllFormed(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  let surplus = 0;
  for (let i = text.indexOf('\ufffd'); i !== -1; i = text.indexOf('\ufffd', i + 1)) surplus++;
  if (surplus === 0) return false;
  for (let i = from; i < to - 2; i++) {
    if (bytes[i] === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) surplus--;
  }
  return surplus > 0;
}

/**
 * Where bytes can be cut at or before `to` without cutting a sequence in two that is whole in them.
 */
export function sequenceBoundary(bytes: Uint8Array, from: number, to: number): number {
  let lead = to - 1;
  while (lead > from && lead > to - 4 && ((bytes[lead] as number) & 0xc0) === 0x80) lead--;
  if (lead < from) return to;
  const byte = bytes[lead] as number;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return lead + length > to ? lead : to;
}

/**
 * Index in `bytes[from, to)` after so many UTF-16 units of what they decode to, also where they are ill-formed; before a
 * character of two units where the count would end in its middle.
 */
export function indexAfterUnits(bytes: Uint8Array, from: number, to: number, units: number): number {
  let index = from;
  let left = units;
  while (left > 0 && index < to) {
    const length = sequenceLength(bytes, index, to);
    left -= length === 4 ? 2 : 1;
    if (left < 0) return index;
    index += length;
  }
  return index;
}

/**
 * Bytes of the sequence that begins at `index`; of an ill-formed one those that become one U+FFFD together, at most 3.
 * [spec] Unicode §3.9, "U+FFFD Substitution of Maximal Subparts", which is what the Encoding Standard's decoder does.
 */
function sequenceLength(bytes: Uint8Array, index: number, to: number): number {
  const lead = bytes[index] as number;
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The second byte's range keeps out what is overlong, a surrogate, or beyond U+10FFFF.
  const lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = index + i < to ? (bytes[index + i] as number) : 0;
    if (i === 1 ? byte < lower || byte > upper : (byte & 0xc0) !== 0x80) return i;
  }
  return length;
}
