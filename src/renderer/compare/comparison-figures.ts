import type { ComparedSide } from '../../contract/comparison.ts';
import { countText, rateText } from '../format/count.ts';
import { quantityText } from '../format/quantity.ts';

/** A figure of both captures, as text. */
export interface FigureRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** B minus A with its sign; `differs` for text; empty if both are equal. */
  readonly difference: string;
}

type Kind = 'ms' | 'bytes' | 'count' | 'rate' | 'plain';
type FigureName = Exclude<keyof ComparedSide, 'capture'>;

/** The figures in their order in the table. */
const figures: readonly (readonly [FigureName, string, Kind])[] = [
  ['status', 'status', 'plain'],
  ['firstByteAt', 'first byte', 'ms'],
  ['firstEventAt', 'first event', 'ms'],
  ['firstTokenAt', 'first token', 'ms'],
  ['lastAt', 'end', 'ms'],
  ['gapP50', 'gap p50', 'ms'],
  ['gapP95', 'gap p95', 'ms'],
  ['gapMax', 'gap max', 'ms'],
  ['tokens', 'tokens', 'count'],
  ['tokensPerSecond', 'tokens/s', 'rate'],
  ['events', 'events', 'count'],
  ['comments', 'comments', 'count'],
  ['chunks', 'chunks', 'count'],
  ['arrivals', 'arrivals', 'count'],
  ['bytes', 'bytes', 'bytes'],
  ['wireBytes', 'on the wire', 'bytes'],
  ['end', 'ended', 'plain'],
];

/** The figures of two captures side by side, without those that neither has. */
export function figureRows(a: ComparedSide, b: ComparedSide): readonly FigureRow[] {
  return figures.flatMap(([figure, name, kind]) => {
    const [valueA, valueB] = [a[figure], b[figure]];
    if (valueA === null && valueB === null) return [];
    return [
      {
        name,
        a: text(valueA, kind),
        b: text(valueB, kind),
        difference: difference(valueA, valueB, kind),
      },
    ];
  });
}

function text(value: number | string | null, kind: Kind): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  switch (kind) {
    case 'ms':
    case 'bytes':
      return quantityText(value, kind);
    case 'count':
      return countText(value);
    case 'rate':
      return rateText(value);
    case 'plain':
      return String(value);
  }
}

function difference(a: number | string | null, b: number | string | null, kind: Kind): string {
  if (a === b) return '';
  if (typeof a !== 'number' || typeof b !== 'number' || kind === 'plain') return 'differs';
  const size = text(Math.abs(b - a), kind);
  // A difference below the shown precision is not shown.
  return size === text(0, kind) ? '' : `${b > a ? '+' : '−'}${size}`;
}

/** A delay with its sign: `+2.60 s`, `−14 ms`, `0 ms`. */
export function delayText(ms: number | null): string {
  if (ms === null) return '–';
  const size = quantityText(Math.abs(ms), 'ms');
  return size === '0 ms' ? size : `${ms > 0 ? '+' : '−'}${size}`;
}

/** Length of the common beginning and end of two texts, in UTF-16 code units. Never splits a surrogate pair. */
export function commonEnds(a: string, b: string): { readonly start: number; readonly end: number } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  if (isHighSurrogate(a.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  if (end > 0 && isLowSurrogate(a.charCodeAt(a.length - end))) end--;
  return { start, end };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
