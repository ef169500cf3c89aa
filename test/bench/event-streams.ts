/** Event streams to measure with: made here, so that every machine reads the same bytes. */

/** A chat-completions delta event whose block is exactly `size` bytes. */
export function deltaEvent(size: number, number: number): string {
  const head = `data: {"id":"chatcmpl-${String(number).padStart(8, '0')}","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"`;
  const tail = '"},"finish_reason":null}]}\n\n';
  const words = 'the quick brown fox jumps over the lazy dog ';
  const room = size - head.length - tail.length;
  return head + words.repeat(Math.ceil(room / words.length)).slice(0, room) + tail;
}

/** An event stream of about `bytes` bytes in events of `eventSize` bytes each. */
export function eventStream(eventSize: number, bytes: number): Uint8Array {
  const count = Math.max(1, Math.round(bytes / eventSize));
  let text = '';
  for (let i = 0; i < count; i++) text += deltaEvent(eventSize, i);
  return new TextEncoder().encode(text);
}

/** The bytes in pieces of `size`, each with memory of its own, as a socket delivers them. */
export function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}
