export const LF = 0x0a;
export const CR = 0x0d;

/** Index of the first line feed or carriage return at or after `from`; the length without one. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let i = from;
  for (; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte <= CR && (byte === LF || byte === CR)) break;
  }
  return i;
}

/** Index of an LF or CR that is known to follow: in ASCII text at `from`, in other text a little later. */
export function endingAt(bytes: Uint8Array, byte: number, from: number): number {
  const near = from + 16;
  for (let i = from; i < near; i++) if (bytes[i] === byte) return i;
  return bytes.indexOf(byte, near);
}

/** [spec] "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any." */
export function bomLength(bytes: Uint8Array, from: number, to: number): number {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
    ? 3
    : 0;
}
