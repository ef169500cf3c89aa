const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/**
 * Decodes bytes as the Encoding Standard's UTF-8 decoder does: ill-formed sequences become U+FFFD. A BOM is content.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/**
 * True where `text`, decoded from `bytes[from, to)`, holds a U+FFFD that stands for ill-formed bytes, as opposed to one
 * that was sent.
 */
export function isIllFormed(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (!text.includes('\ufffd')) return false;
  try {
    strict.decode(bytes.subarray(from, to));
    return false;
  } catch {
    return true;
  }
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
