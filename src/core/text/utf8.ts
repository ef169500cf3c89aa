const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const exactDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;

/** From this length on, the speed per byte matters more than the cost of a call. */
const LONG_BYTES = 512;

/**
 * Decodes bytes as the Encoding Standard's UTF-8 decoder does: ill-formed sequences become U+FFFD. A BOM is content.
 * @param isWide the text is probably mostly not ASCII. For such text Node's decoder is many times faster in streaming
 * mode; for ASCII it is many times slower (Node 20) or equal (Node 26). The result is the same.
 */
export function decodeUtf8(bytes: Uint8Array, isWide = false): string {
  if (!isWide || bytes.length < LONG_BYTES) return decoder.decode(bytes);
  const text = decoder.decode(bytes, { stream: true });
  return (bytes[bytes.length - 1] as number) < 0x80 ? text : text + decoder.decode();
}

/** Decodes well-formed UTF-8 (a BOM stays); null for anything else. */
export function decodeExactly(bytes: Uint8Array): string | null {
  try {
    return exactDecoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Encodes a text; null if it has a lone surrogate, which UTF-8 cannot express. */
export function encodeExactly(text: string): Uint8Array | null {
  return loneSurrogate.test(text) ? null : encoder.encode(text);
}

/** Number of leading bytes (at most 3) that can only be the end of an earlier sequence. */
export function sequenceRest(bytes: Uint8Array): number {
  let length = 0;
  while (length < 3 && length < bytes.length && ((bytes[length] as number) & 0xc0) === 0x80) length++;
  return length;
}

/**
 * Whether `text`, decoded from `bytes[from, to)`, has a U+FFFD in place of ill-formed bytes: then it has more U+FFFD
 * than were sent, which the bytes show.
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
 * The last position at or before `to` that does not divide a complete sequence.
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
 * Index in `bytes[from, to)` after the given number of decoded UTF-16 units, also in ill-formed bytes. A character of
 * two units is not divided: the index before it is returned.
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
 * Length of the sequence that begins at `index`; of an ill-formed one, the bytes that become one U+FFFD, at most 3.
 * [spec] Unicode §3.9, "U+FFFD Substitution of Maximal Subparts", which is what the Encoding Standard's decoder does.
 */
function sequenceLength(bytes: Uint8Array, index: number, to: number): number {
  const lead = bytes[index] as number;
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The range of the second byte excludes overlong sequences, surrogates, and values above U+10FFFF.
  const lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = index + i < to ? (bytes[index + i] as number) : 0;
    if (i === 1 ? byte < lower || byte > upper : (byte & 0xc0) !== 0x80) return i;
  }
  return length;
}
