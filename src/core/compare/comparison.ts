import {
  contentKeys,
  eventRange,
  eventsWhere,
  loseDocument,
  restKey,
  streamOf,
  timesOf,
  type ComparedStream,
} from './compared-stream.ts';
import { compareMessages, type MessageDifference } from './message-difference.ts';
import type { EventPairs } from './event-pairs.ts';
import { floats, integers } from './number-column.ts';
import { alignSequences, inverted } from './sequence-alignment.ts';
import { placeByTime } from './equal-runs.ts';
import { settle, type SetAside } from './set-aside.ts';
import type { StreamOutline } from './stream-outline.ts';
import { alignTexts, firstDifference, type DeltaGroup, type TextDifference } from './text-alignment.ts';
import { timingOf, type Timing } from './timing.ts';

/** A model's text in both streams. */
export interface ComparedText {
  readonly label: string;
  /** Lengths in UTF-16 code units; null if a stream has no such text. */
  readonly lengthA: number | null;
  readonly lengthB: number | null;
  /** Null if both are equal. */
  readonly difference: TextDifference | null;
}

/** Where two streams differ too much for a certain match. */
export type Unjudged =
  /** Documents of events in these ranges of `seq`, first and last. */
  | { readonly kind: 'events'; readonly a: readonly [number, number]; readonly b: readonly [number, number] }
  | { readonly kind: 'text'; readonly label: string };

/** How the events of A match those of B. All `seq` numbers ascend. */
export interface Comparison {
  /** The content is the same. Times do not count. */
  readonly equal: boolean;
  readonly pairs: EventPairs;
  /** Events without a partner. */
  readonly onlyInA: Int32Array;
  readonly onlyInB: Int32Array;
  /** Of these, events at the same place that look like changed forms of each other. */
  readonly changed: { readonly a: Int32Array; readonly b: Int32Array };
  /** Events with a partner of which a part has no equal in the other stream. */
  readonly partlyInA: Int32Array;
  readonly partlyInB: Int32Array;
  /** Events of A without a partner whose content is elsewhere in B. */
  readonly reordered: number;
  readonly setAside: readonly SetAside[];
  readonly texts: readonly ComparedText[];
  readonly messages: readonly MessageDifference[];
  readonly unjudged: readonly Unjudged[];
  readonly timing: Timing;
}

/** Links between events: matches by level, and changes. */
const CHANGED = 3;
const CODES = 4;

/** The most reported places where the alignment is uncertain. */
const MOST_UNJUDGED = 100;

/**
 * Compares two streams by content: first everything but the model's text, document by document, then each text by
 * characters. Linear for similar parts; bounded for others, which `unjudged` lists.
 */
export function compareStreams(a: StreamOutline, b: StreamOutline): Comparison {
  return new StreamComparison(a, b).compare();
}

class StreamComparison {
  readonly #a: ComparedStream;
  readonly #b: ComparedStream;
  readonly #setAside: readonly SetAside[];
  readonly #links = floats();
  readonly #unjudged: Unjudged[] = [];
  #reordered = 0;

  constructor(a: StreamOutline, b: StreamOutline) {
    const settled = settle(a, b);
    this.#setAside = settled.members;
    this.#a = streamOf(a, settled.a);
    this.#b = streamOf(b, settled.b);
  }

  compare(): Comparison {
    const [a, b] = [this.#a, this.#b];
    this.#compareWhole();
    const texts = this.#compareTexts();
    const messages = compareMessages(a.outline.messages, b.outline.messages);
    const { pairs, changed } = this.#settleLinks();
    const [onlyInA, onlyInB] = [eventsWhere(a, false), eventsWhere(b, false)];
    const [partlyInA, partlyInB] = [eventsWhere(a, true), eventsWhere(b, true)];
    return {
      equal:
        onlyInA.length + onlyInB.length + partlyInA.length + partlyInB.length + messages.length === 0 &&
        !this.#setAside.some(({ reason }) => reason === 'constant'),
      pairs,
      onlyInA,
      onlyInB,
      changed,
      partlyInA,
      partlyInB,
      reordered: this.#reordered,
      setAside: this.#setAside,
      texts,
      messages,
      unjudged: this.#unjudged,
      timing: timingOf(pairs, a.outline, b.outline),
    };
  }

  /** Compares everything but the model's text: equal documents in order, and changed ones in between. */
  #compareWhole(): void {
    const [a, b] = [this.#a, this.#b];
    const keysA = contentKeys(a);
    const keysB = contentKeys(b);
    const { partners, approximate } = alignSequences(keysA, keysB);
    for (const window of approximate) {
      this.#doubt({ kind: 'events', a: eventRange(a, window.a), b: eventRange(b, window.b) });
    }
    this.#reordered = countReordered(keysA, keysB, partners);
    const [atA, atB] = [timesOf(a), timesOf(b)];
    placeByTime(keysA, partners, atA, atB);
    const back = inverted(partners, keysB.length);
    placeByTime(keysB, back, atB, atA);
    partners.set(inverted(back, keysA.length));
    let [fromA, fromB] = [0, 0];
    for (const [i, j] of partners.entries()) {
      if (j < 0) continue;
      this.#compareChanged(fromA, i, fromB, j);
      this.#linkDocuments(a.whole[i] as number, b.whole[j] as number, 1);
      fromA = i + 1;
      fromB = j + 1;
    }
    this.#compareChanged(fromA, a.whole.length, fromB, b.whole.length);
  }

  /** Documents between two pairs: those with the same type and members are changed forms of each other. */
  #compareChanged(fromA: number, toA: number, fromB: number, toB: number): void {
    const [a, b] = [this.#a, this.#b];
    for (let i = fromA; i < toA; i++) loseDocument(a, a.whole[i] as number);
    for (let j = fromB; j < toB; j++) loseDocument(b, b.whole[j] as number);
    if (fromA === toA || fromB === toB) return;
    const kinds = ({ outline, whole }: ComparedStream, from: number, to: number): Float64Array =>
      Float64Array.from(whole.subarray(from, to), (document) => outline.documents.kind[document] as number);
    const { partners } = alignSequences(kinds(a, fromA, toA), kinds(b, fromB, toB));
    for (const [i, j] of partners.entries()) {
      if (j >= 0) this.#linkDocuments(a.whole[fromA + i] as number, b.whole[fromB + j] as number, CHANGED);
    }
  }

  /** Links the events of two documents; a document may span several events. */
  #linkDocuments(documentA: number, documentB: number, code: number): void {
    const firstA = this.#a.outline.documents.first[documentA] as number;
    const firstB = this.#b.outline.documents.first[documentB] as number;
    const moreA = (this.#a.outline.documents.last[documentA] as number) - firstA;
    const moreB = (this.#b.outline.documents.last[documentB] as number) - firstB;
    for (let n = 0; n <= Math.max(moreA, moreB); n++) {
      this.#link(firstA + Math.min(n, moreA), firstB + Math.min(n, moreB), code);
    }
  }

  #link(eventA: number, eventB: number, code: number): void {
    if (code !== CHANGED) this.#a.found[eventA] = this.#b.found[eventB] = 1;
    this.#links.push((eventA * this.#b.outline.events.count + eventB) * CODES + code);
  }

  #compareTexts(): readonly ComparedText[] {
    const textsB = new Map(this.#b.outline.texts.map((text) => [text.key, text]));
    const compared: ComparedText[] = [];
    for (const a of this.#a.outline.texts) {
      const b = textsB.get(a.key);
      textsB.delete(a.key);
      if (b === undefined) {
        for (const event of a.events) this.#a.lost[event] = 1;
        compared.push(comparedText(a.label, a.text, null));
        continue;
      }
      const { groups, changed, commonA, commonB, approximate } = alignTexts(a, b);
      if (approximate) this.#doubt({ kind: 'text', label: a.label });
      const missing = (text: typeof a, common: Int32Array, delta: number): boolean =>
        common[delta] !== (text.ends[delta] as number) - (text.ends[delta - 1] ?? 0);
      for (const [n, event] of a.events.entries()) if (missing(a, commonA, n)) this.#a.lost[event] = 1;
      for (const [n, event] of b.events.entries()) if (missing(b, commonB, n)) this.#b.lost[event] = 1;
      for (const group of groups) {
        const isWhole = group.links.length === 1;
        const differs = this.#restDiffers(group, a.events, b.events);
        for (const link of group.links) {
          const eventA = a.events[link.a] as number;
          const eventB = b.events[link.b] as number;
          const isCutA = missing(a, commonA, link.a);
          const isCutB = missing(b, commonB, link.b);
          if (differs) this.#a.lost[eventA] = this.#b.lost[eventB] = 1;
          const code = differs || (isCutA && isCutB) ? CHANGED : isWhole && !isCutA && !isCutB ? 1 : 2;
          this.#link(eventA, eventB, code);
        }
      }
      for (const link of changed) {
        this.#link(a.events[link.a] as number, b.events[link.b] as number, CHANGED);
      }
      compared.push(comparedText(a.label, a.text, b.text));
    }
    for (const b of textsB.values()) {
      for (const event of b.events) this.#b.lost[event] = 1;
      compared.push(comparedText(b.label, null, b.text));
    }
    return compared;
  }

  /**
   * Whether events with the same text differ in their other members. Of several, the first or the last must agree: a
   * server that joins deltas keeps the members of one of them.
   */
  #restDiffers({ a, b, links }: DeltaGroup, eventsA: Int32Array, eventsB: Int32Array): boolean {
    const first = (side: ComparedStream, event: number): number =>
      restKey(side, side.firstOutput[event] as number);
    const last = (side: ComparedStream, event: number): number =>
      restKey(side, side.lastOutput[event] as number);
    const sameFirst = first(this.#a, eventsA[a[0]] as number) === first(this.#b, eventsB[b[0]] as number);
    const sameLast =
      last(this.#a, eventsA[a[1] - 1] as number) === last(this.#b, eventsB[b[1] - 1] as number);
    return links.length === 1 ? !(sameFirst && sameLast) : !(sameFirst || sameLast);
  }

  #doubt(unjudged: Unjudged): void {
    if (this.#unjudged.length < MOST_UNJUDGED) this.#unjudged.push(unjudged);
  }

  /** Sorts the links, each pair of events once, with its loosest level. A pair without any match is a change. */
  #settleLinks(): Pick<Comparison, 'pairs' | 'changed'> {
    const [eventsA, eventsB] = [this.#a.outline.events, this.#b.outline.events];
    const links = this.#links.array.slice().sort();
    const [pairA, pairB, levels, delays] = [integers(), integers(), integers(), floats()];
    const [changedA, changedB] = [integers(), integers()];
    let code = CHANGED;
    for (const [n, link] of links.entries()) {
      const pair = Math.floor(link / CODES);
      if (link % CODES !== CHANGED) code = link % CODES;
      if (n + 1 < links.length && Math.floor((links[n + 1] as number) / CODES) === pair) continue;
      const a = Math.floor(pair / eventsB.count);
      const b = pair % eventsB.count;
      const level = code;
      code = CHANGED;
      if (level === CHANGED) {
        if (this.#a.found[a] === 0 || this.#b.found[b] === 0) {
          changedA.push(a);
          changedB.push(b);
        }
        continue;
      }
      pairA.push(a);
      pairB.push(b);
      levels.push(eventsA.exact[a] === eventsB.exact[b] ? 0 : level);
      delays.push((eventsB.at[b] as number) - (eventsA.at[a] as number));
    }
    return {
      pairs: {
        count: pairA.length,
        a: pairA.array,
        b: pairB.array,
        level: Uint8Array.from(levels.array),
        delay: delays.array,
      },
      changed: { a: changedA.array, b: changedB.array },
    };
  }
}

function countReordered(a: Float64Array, b: Float64Array, partners: Int32Array): number {
  const isPaired = new Uint8Array(b.length);
  const left = new Map<number, number>();
  for (const [i, j] of partners.entries()) {
    if (j >= 0) isPaired[j] = 1;
    else left.set(a[i] as number, (left.get(a[i] as number) ?? 0) + 1);
  }
  let count = 0;
  for (const [j, key] of b.entries()) {
    const rest = isPaired[j] === 1 ? 0 : (left.get(key) ?? 0);
    if (rest === 0) continue;
    left.set(key, rest - 1);
    count++;
  }
  return count;
}

function comparedText(label: string, a: string | null, b: string | null): ComparedText {
  return {
    label,
    lengthA: a?.length ?? null,
    lengthB: b?.length ?? null,
    difference: firstDifference(a ?? '', b ?? ''),
  };
}
