/** Base64 (RFC 4648 §4, with padding) over bytes, for core, which has neither `btoa` nor `Buffer`. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 0x3d;
const INVALID = 255;

const encodeTable = new TextEncoder().encode(ALPHABET);
const decodeTable = new Uint8Array(256).fill(INVALID);
for (const [value, code] of encodeTable.entries()) decodeTable[code] = value;

const ascii = new TextDecoder();

/** Encodes bytes; the text's length is a multiple of four. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    out[to++] = encodeTable[bits >> 18] ?? 0;
    out[to++] = encodeTable[(bits >> 12) & 63] ?? 0;
    out[to++] = encodeTable[(bits >> 6) & 63] ?? 0;
    out[to++] = encodeTable[bits & 63] ?? 0;
  }
  if (whole < bytes.length) {
    const two = bytes.length - whole === 2;
    const bits = ((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8);
    out[to++] = encodeTable[bits >> 18] ?? 0;
    out[to++] = encodeTable[(bits >> 12) & 63] ?? 0;
    out[to++] = two ? (encodeTable[(bits >> 6) & 63] ?? 0) : PAD;
    out[to++] = PAD;
  }
  return ascii.decode(out);
}

/**
 * Decodes text, padded or not; null if it is not base64 (a character outside the alphabet, such as white space, or an
 * impossible length).
 */
export function decodeBase64(text: string): Uint8Array | null {
  let length = text.length;
  if (length % 4 === 0 && text.endsWith('==')) length -= 2;
  else if (length % 4 === 0 && text.endsWith('=')) length -= 1;
  if (length % 4 === 1) return null;
  const out = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let to = 0;
  for (let from = 0; from < length; from++) {
    const code = text.charCodeAt(from);
    const value = code < 256 ? (decodeTable[code] ?? INVALID) : INVALID;
    if (value === INVALID) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    const place = from & 3;
    if (place === 1) out[to++] = (bits >> 4) & 255;
    else if (place === 2) out[to++] = (bits >> 2) & 255;
    else if (place === 3) out[to++] = bits & 255;
  }
  return out;
}

/** Encodes a body piece by piece: the concatenated texts are the base64 of the whole body. */
export class Base64Encoder {
  #rest = new Uint8Array(0);

  /** Returns the text of all complete groups of three bytes so far. */
  push(bytes: Uint8Array): string {
    const joined = new Uint8Array(this.#rest.length + bytes.length);
    joined.set(this.#rest);
    joined.set(bytes, this.#rest.length);
    const whole = joined.length - (joined.length % 3);
    this.#rest = joined.slice(whole);
    return encodeBase64(joined.subarray(0, whole));
  }

  /** Returns the last, padded group, or an empty text. */
  end(): string {
    const text = encodeBase64(this.#rest);
    this.#rest = new Uint8Array(0);
    return text;
  }
}
