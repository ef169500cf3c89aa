/** UTF-8 as a capture needs it: exact or not at all, never with a replacement character or a lost BOM. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;

/** The text of bytes that are whole, well-formed UTF-8 (a BOM stays in it); null for all others. */
export function decodeExactly(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The bytes of a text; null where it holds a lone surrogate, which UTF-8 cannot express. */
export function encodeExactly(text: string): Uint8Array | null {
  return loneSurrogate.test(text) ? null : encoder.encode(text);
}
