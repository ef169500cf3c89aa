import { OutlineReader, type StreamOutline } from '../../../src/core/compare/stream-outline.ts';
import { compareStreams, type Comparison } from '../../../src/core/compare/comparison.ts';
import { pairLevels } from '../../../src/core/compare/event-pairs.ts';

/** An event of a made-up capture. Events without `at` come in one chunk of a capture without times. */
export interface MadeEvent {
  readonly data: string;
  readonly type?: string;
  /** ms since the request began. Events of the same moment come in one read. */
  readonly at?: number | null;
}

/** Events with these data. */
export const texts = (...data: string[]): MadeEvent[] => data.map((one) => ({ data: one }));

const encoder = new TextEncoder();

/** The outline of a stream of these events. */
export function outlineOf(events: readonly MadeEvent[]): StreamOutline {
  const reader = new OutlineReader('http://h/');
  let read = -1;
  let before: number | null | undefined;
  for (const { data, type, at = null } of events) {
    if (at === null || at !== before) read++;
    before = at;
    const lines = data.split('\n').map((line) => `data: ${line}\n`);
    const bytes = encoder.encode(`${type === undefined ? '' : `event: ${type}\n`}${lines.join('')}\n`);
    reader.push({ kind: 'chunk', at, read, wireBytes: bytes.length, bytes });
  }
  reader.push({ kind: 'end', at: before ?? null, reason: 'complete' });
  return reader.end();
}

/** Compares two streams of these events. */
export function compared(a: readonly MadeEvent[], b: readonly MadeEvent[]): Comparison {
  return compareStreams(outlineOf(a), outlineOf(b));
}

/** Pairs as `[a, b]`. */
export function pairsOf({ pairs }: Comparison): [number, number][] {
  return Array.from(pairs.a, (a, n) => [a, pairs.b[n] ?? -1]);
}

/** Levels of the pairs. */
export function levelsOf({ pairs }: Comparison): string[] {
  return Array.from(pairs.level, (level) => pairLevels[level] ?? '?');
}

/** A chat-completions delta. */
export function delta(content: string, more: object = {}): MadeEvent {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return { data: JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices, ...more }) };
}
