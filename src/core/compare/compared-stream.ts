import { joinLanes } from './fingerprint.ts';
import { integers, type NumberColumn } from './number-column.ts';
import type { Corrections } from './set-aside.ts';
import type { StreamOutline } from './stream-outline.ts';

/** One stream during a comparison: documents that are compared whole, and results per event. */
export interface ComparedStream {
  readonly outline: StreamOutline;
  readonly corrections: Corrections;
  /** Per event: whether any part of it has a partner, and whether a part of it has none. */
  readonly found: Uint8Array;
  readonly lost: Uint8Array;
  /** Documents that are compared whole. */
  readonly whole: Int32Array;
  /** Per event: its first and last document with output text, or -1. */
  readonly firstOutput: Int32Array;
  readonly lastOutput: Int32Array;
}

/** A stream before the comparison. */
export function streamOf(outline: StreamOutline, corrections: Corrections): ComparedStream {
  const { documents, events } = outline;
  const hasText = new Uint8Array(events.count);
  for (const text of outline.texts) for (const event of text.events) hasText[event] = 1;
  const whole: NumberColumn<Int32Array> = integers();
  const firstOutput = new Int32Array(events.count).fill(-1);
  const lastOutput = new Int32Array(events.count).fill(-1);
  for (let document = 0; document < documents.count; document++) {
    const event = documents.last[document] as number;
    if (documents.output[document] === 0 || hasText[event] === 0) {
      whole.push(document);
      continue;
    }
    if (firstOutput[event] === -1) firstOutput[event] = document;
    lastOutput[event] = document;
  }
  return {
    outline,
    corrections,
    found: new Uint8Array(events.count),
    lost: new Uint8Array(events.count),
    whole: whole.array,
    firstOutput,
    lastOutput,
  };
}

/** Fingerprints of the documents that are compared whole, without members set aside. */
export function contentKeys({ outline: { documents }, corrections, whole }: ComparedStream): Float64Array {
  return Float64Array.from(whole, (document) => {
    const shape = documents.shape[document] as number;
    const [low, high] = correctionOf(corrections, shape);
    return joinLanes(
      ((documents.low[document] as number) - low) | 0,
      ((documents.high[document] as number) - high) | 0,
    );
  });
}

/** When the documents that are compared whole arrived, ms; NaN if not known. */
export function timesOf({ outline: { documents, events }, whole }: ComparedStream): Float64Array {
  return Float64Array.from(whole, (document) => events.at[documents.last[document] as number] as number);
}

/** Fingerprint of a document without its output text and without members set aside; -1 for no document. */
export function restKey({ outline: { documents }, corrections }: ComparedStream, document: number): number {
  if (document < 0) return -1;
  const [low, high] = correctionOf(corrections, documents.shape[document] as number);
  return joinLanes(
    ((documents.restLow[document] as number) - low) | 0,
    ((documents.restHigh[document] as number) - high) | 0,
  );
}

function correctionOf(corrections: Corrections, shape: number): readonly [low: number, high: number] {
  return shape < 0 ? [0, 0] : [corrections[shape * 2] ?? 0, corrections[shape * 2 + 1] ?? 0];
}

/** Records that a document has no equal in the other stream. */
export function loseDocument({ outline: { documents }, lost }: ComparedStream, document: number): void {
  lost.fill(1, documents.first[document], (documents.last[document] as number) + 1);
}

/** Events of which a part has no equal in the other stream: those with another partner, or those without. */
export function eventsWhere({ found, lost }: ComparedStream, isFound: boolean): Int32Array {
  const events = integers();
  for (const [event, isLost] of lost.entries()) {
    if ((found[event] === 1) === isFound && (!isFound || isLost === 1)) events.push(event);
  }
  return events.array;
}

/** `seq` of the first and last event of a range of documents that are compared whole. */
export function eventRange(
  { outline: { documents }, whole }: ComparedStream,
  [from, to]: readonly [number, number],
): [number, number] {
  const first = whole[Math.min(from, whole.length - 1)] ?? 0;
  const last = whole[Math.max(0, Math.min(to, whole.length) - 1)] ?? 0;
  return [documents.first[first] ?? 0, documents.last[last] ?? 0];
}
