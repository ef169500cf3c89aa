import { fingerprint } from './fingerprint.ts';
import { alignSequences } from './sequence-alignment.ts';
import type { OutputText } from './stream-outline.ts';

/** A common stretch of text: where it begins in each, and its length in UTF-16 code units. */
interface CommonText {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Deltas of two texts with the same characters. */
interface DeltaLink {
  /** Numbers of the deltas in their texts. */
  readonly a: number;
  readonly b: number;
}

/**
 * Deltas that are linked only to each other: one of each, or several if the streams cut the text differently. Ranges
 * [from, to) of delta numbers.
 */
export interface DeltaGroup {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
  readonly links: readonly DeltaLink[];
}

/** How two texts and their deltas match. */
interface TextAlignment {
  readonly groups: readonly DeltaGroup[];
  /** Deltas at the same place with nothing in common, equally many on both sides: probably changed forms of each other. */
  readonly changed: readonly DeltaLink[];
  /** Per delta, how many of its code units the other text has. */
  readonly commonA: Int32Array;
  readonly commonB: Int32Array;
  /** Whether the alignment may not be the best: see `SequenceAlignment`. */
  readonly approximate: boolean;
}

/** Texts are mostly the same if they share this part of the longer one, or this part of the shorter one. */
const MOSTLY_SAME = 0.5;
const MOSTLY_FOUND = 0.8;
/** Words are compared if deltas match less than this part of the shorter text. */
const NEARLY_ALL = 0.9;
/** Shorter common stretches of two mostly different texts are coincidences. */
const LEAST_COMMON = 8;

/**
 * Aligns two texts by their characters, independent of their deltas. Equal texts, and a text that begins with the
 * other, are aligned by position. Others delta by delta, with words in between; or by words alone if that matches more.
 */
export function alignTexts(a: OutputText, b: OutputText): TextAlignment {
  const { common, approximate } = commonText(a, b);
  const { groups, ...lengths } = linked(a, b, common);
  return { groups, ...lengths, changed: changedDeltas(a, b, groups), approximate };
}

/** More different deltas in a row are another text, not changes. */
const MOST_CHANGED = 16;

function changedDeltas(a: OutputText, b: OutputText, groups: readonly DeltaGroup[]): DeltaLink[] {
  const changed: DeltaLink[] = [];
  let [fromA, fromB] = [0, 0];
  const end: Pick<DeltaGroup, 'a' | 'b'> = {
    a: [a.ends.length, a.ends.length],
    b: [b.ends.length, b.ends.length],
  };
  for (const group of [...groups, end]) {
    const count = group.a[0] - fromA;
    if (count === group.b[0] - fromB && count <= MOST_CHANGED) {
      for (let n = 0; n < count; n++) changed.push({ a: fromA + n, b: fromB + n });
    }
    fromA = group.a[1];
    fromB = group.b[1];
  }
  return changed;
}

interface Found {
  readonly common: readonly CommonText[];
  readonly approximate: boolean;
}

function commonText(a: OutputText, b: OutputText): Found {
  if (a.text.startsWith(b.text) || b.text.startsWith(a.text)) {
    const length = Math.min(a.text.length, b.text.length);
    return { common: length === 0 ? [] : [{ a: 0, b: 0, length }], approximate: false };
  }
  let found = byDeltas(a, b);
  const least = Math.min(a.text.length, b.text.length);
  if (lengthOf(found) < NEARLY_ALL * least) {
    const words = byWords(a.text, 0, b.text, 0);
    if (lengthOf(words) > lengthOf(found)) found = words;
  }
  const most = Math.max(a.text.length, b.text.length);
  if (lengthOf(found) >= MOSTLY_SAME * most || lengthOf(found) >= MOSTLY_FOUND * least) return found;
  const isNoChance = ({ a: atA, b: atB, length }: CommonText): boolean =>
    length >= LEAST_COMMON ||
    (atA === 0 && atB === 0) ||
    (atA + length === a.text.length && atB + length === b.text.length);
  return { ...found, common: found.common.filter(isNoChance) };
}

function lengthOf({ common }: Found): number {
  return common.reduce((sum, { length }) => sum + length, 0);
}

/** Equal deltas, and equal text between them. */
function byDeltas(a: OutputText, b: OutputText): Found {
  const { partners, approximate } = alignSequences(deltaPrints(a), deltaPrints(b));
  const common = new Stretches();
  let isRough = approximate.length > 0;
  let [fromA, fromB] = [0, 0];
  const between = (toA: number, toB: number): void => {
    if (toA === fromA || toB === fromB) return;
    const gap = byWords(a.text.slice(fromA, toA), fromA, b.text.slice(fromB, toB), fromB);
    for (const stretch of gap.common) common.add(stretch);
    isRough ||= gap.approximate;
  };
  for (const [i, j] of partners.entries()) {
    if (j < 0) continue;
    const [startA, startB] = [startOf(a, i), startOf(b, j)];
    between(startA, startB);
    fromA = a.ends[i] as number;
    fromB = b.ends[j] as number;
    common.add({ a: startA, b: startB, length: fromA - startA });
  }
  between(a.text.length, b.text.length);
  return { common: common.list, approximate: isRough };
}

/** Equal words. `fromA` and `fromB` are the positions of the parts in the whole texts. */
function byWords(a: string, fromA: number, b: string, fromB: number): Found {
  if (a === b) return { common: [{ a: fromA, b: fromB, length: a.length }], approximate: false };
  const wordsA = wordsOf(a);
  const wordsB = wordsOf(b);
  const { partners, approximate } = alignSequences(wordsA.prints, wordsB.prints);
  const common = new Stretches();
  for (const [i, j] of partners.entries()) {
    if (j < 0) continue;
    const start = wordsA.starts[i] as number;
    const length = (wordsA.starts[i + 1] as number) - start;
    common.add({ a: fromA + start, b: fromB + (wordsB.starts[j] as number), length });
  }
  return { common: common.list, approximate: approximate.length > 0 };
}

/** A word with the white space before it, or one other character; scripts without spaces character by character. */
const word =
  /\s*(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[^\P{L}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]+|\p{N}+|[^\s\p{L}\p{N}])|\s+/gu;

function wordsOf(text: string): { readonly prints: readonly number[]; readonly starts: readonly number[] } {
  const prints: number[] = [];
  const starts: number[] = [];
  for (const { 0: found, index } of text.matchAll(word)) {
    prints.push(fingerprint(found));
    starts.push(index);
  }
  starts.push(text.length);
  return { prints, starts };
}

function startOf(text: OutputText, delta: number): number {
  return delta === 0 ? 0 : (text.ends[delta - 1] as number);
}

function deltaPrints(text: OutputText): Float64Array {
  return Float64Array.from(text.ends, (end, n) => fingerprint(text.text.slice(startOf(text, n), end)));
}

/** Stretches in order; neighbours are merged. */
class Stretches {
  readonly list: CommonText[] = [];

  add(stretch: CommonText): void {
    const last = this.list.at(-1);
    if (last !== undefined && last.a + last.length === stretch.a && last.b + last.length === stretch.b) {
      this.list[this.list.length - 1] = { ...last, length: last.length + stretch.length };
    } else if (stretch.length > 0) this.list.push(stretch);
  }
}

/** Maps the deltas of both to their common text. */
function linked(
  a: OutputText,
  b: OutputText,
  common: readonly CommonText[],
): Omit<TextAlignment, 'approximate' | 'changed'> {
  const commonA = new Int32Array(a.ends.length);
  const commonB = new Int32Array(b.ends.length);
  const groups: { a: [number, number]; b: [number, number]; links: DeltaLink[] }[] = [];
  let [i, j] = [0, 0];
  for (const stretch of common) {
    let [atA, atB] = [stretch.a, stretch.b];
    const end = stretch.a + stretch.length;
    while (atA < end) {
      while ((a.ends[i] as number) <= atA) i++;
      while ((b.ends[j] as number) <= atB) j++;
      const length = Math.min(end, a.ends[i] as number, atA + (b.ends[j] as number) - atB) - atA;
      commonA[i] = (commonA[i] as number) + length;
      commonB[j] = (commonB[j] as number) + length;
      const group = groups.at(-1);
      const last = group?.links.at(-1);
      if (group === undefined || last === undefined || (last.a !== i && last.b !== j)) {
        groups.push({ a: [i, i + 1], b: [j, j + 1], links: [{ a: i, b: j }] });
      } else if (last.a !== i || last.b !== j) {
        group.links.push({ a: i, b: j });
        group.a[1] = i + 1;
        group.b[1] = j + 1;
      }
      atA += length;
      atB += length;
    }
  }
  return { groups, commonA, commonB };
}

/** Where two texts first differ, with context. */
export interface TextDifference {
  /** UTF-16 code units from the beginning. */
  readonly at: number;
  /** Some common characters before it. */
  readonly before: string;
  /** What follows in each; empty at the end of the text. */
  readonly a: string;
  readonly b: string;
}

/** Code units that are shown before and after a difference. */
const CONTEXT = 40;

/** The first difference; null if the texts are equal. */
export function firstDifference(a: string, b: string): TextDifference | null {
  if (a === b) return null;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Do not divide a character of two code units.
  if (/[\uDC00-\uDFFF]/.test(a[at] ?? b[at] ?? '') && /[\uD800-\uDBFF]/.test(a[at - 1] ?? '')) at--;
  return {
    at,
    before: a.slice(Math.max(0, at - CONTEXT), at),
    a: a.slice(at, at + CONTEXT),
    b: b.slice(at, at + CONTEXT),
  };
}
