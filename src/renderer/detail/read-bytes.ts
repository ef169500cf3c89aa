import type { CaptureId } from '../../contract/capture-id.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import { callHost } from '../state/host.ts';
import { bytesOf } from './byte-windows.ts';

/** Bytes per request, and most bytes of a copy: a clipboard is not made for whole streams. */
const PIECE = 256 * 1024;
export const MOST_COPIED = 8 * 1024 * 1024;

/** Reads the bytes of a range, at most the first 8 MiB. */
export async function readBytes(capture: CaptureId, range: ByteRange): Promise<Uint8Array> {
  const length = Math.min(range.end - range.start, MOST_COPIED);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const start = range.start + filled;
    const end = Math.min(start + PIECE, range.start + length);
    const piece = bytesOf(await callHost('capture.bytes', { capture, start, end }));
    if (piece.length === 0) break;
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes.subarray(0, filled);
}

/** Bytes as two hexadecimal digits each, separated by spaces. */
export function hexText(bytes: Uint8Array): string {
  const digits: string[] = [];
  for (let index = 0; index < bytes.length; index++)
    digits.push((bytes[index] ?? 0).toString(16).padStart(2, '0'));
  return digits.join(' ');
}
