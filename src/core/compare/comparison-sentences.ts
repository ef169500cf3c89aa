import type { Comparison, ComparedText, Unjudged } from './comparison.ts';
import type { MessageDifference } from './message-difference.ts';
import type { HeldRun, Timing } from './timing.ts';
import { plural } from '../text/wording.ts';

/** What a sentence is about. */
type Topic = 'content' | 'text' | 'time' | 'merged' | 'aside' | 'unjudged';

/** One result of a comparison in words. It can contain text of the streams: make it visible before showing it. */
interface Sentence {
  readonly topic: Topic;
  readonly text: string;
}

/** Delays that differ by less (ms, and a share of the offset) are a steady offset. */
const STEADY_MS = 30;
const STEADY_SHARE = 0.1;
/** Shorter times are not mentioned, ms. */
const WORTH_MS = 1;
/** The share of the pairs that counts as most. */
const MOSTLY = 0.8;
/** The most results of a kind that are listed one by one. */
const LISTED = 3;

/** A comparison in sentences: differences, added time, merged events, and what was not compared. */
export function sentencesOf(comparison: Comparison): readonly Sentence[] {
  const of = (topic: Topic, texts: readonly string[]): Sentence[] => texts.map((text) => ({ topic, text }));
  return [
    ...of('content', contentSentences(comparison)),
    ...of('text', textSentences(comparison.texts)),
    ...of('time', timeSentences(comparison.timing, comparison.pairs.count)),
    ...of('merged', mergedSentences(comparison.timing)),
    ...of('aside', asideSentences(comparison)),
    ...of('unjudged', unjudgedSentences(comparison.unjudged)),
  ];
}

function contentSentences(comparison: Comparison): string[] {
  const { pairs, onlyInA, onlyInB, changed, partlyInA, partlyInB, reordered } = comparison;
  const texts: string[] = [];
  if (comparison.equal) texts.push(`The content is the same: ${plural(pairs.count, 'pair')} of events.`);
  if (changed.a.length > 0)
    texts.push(`${plural(changed.a.length, 'event')} changed: ${places(changed.a)} of A.`);
  const missing = without(onlyInA, changed.a);
  const added = without(onlyInB, changed.b);
  if (missing.length > 0)
    texts.push(`${plural(missing.length, 'event')} of A missing in B: ${places(missing)}.`);
  if (added.length > 0)
    texts.push(`${plural(added.length, 'event')} in B that A does not have: ${places(added)}.`);
  if (partlyInA.length > 0)
    texts.push(`A part of ${plural(partlyInA.length, 'event')} of A is missing in B: ${places(partlyInA)}.`);
  if (partlyInB.length > 0)
    texts.push(`A part of ${plural(partlyInB.length, 'event')} of B is not in A: ${places(partlyInB)}.`);
  if (reordered > 0)
    texts.push(`${plural(reordered, 'event')} of A without a partner are elsewhere in B: the order differs.`);
  texts.push(...comparison.messages.map(messageSentence));
  for (const { path, reason, a, b } of comparison.setAside) {
    if (reason !== 'constant') continue;
    if (a === null) texts.push(`${path} is in B only, always ${b}.`);
    else if (b === null) texts.push(`${path} is in A only, always ${a}.`);
    else texts.push(`${path} is ${a} in all of A and ${b} in all of B.`);
  }
  return texts;
}

function messageSentence({ message, what, a, b }: MessageDifference): string {
  if (what === 'presence') return `Message ${message + 1} is in ${a === null ? 'B' : 'A'} only.`;
  return `Message ${message + 1}, ${what}: ${a ?? 'none'} in A, ${b ?? 'none'} in B.`;
}

function textSentences(texts: readonly ComparedText[]): string[] {
  return texts.map(({ label, lengthA, lengthB, difference }) => {
    if (difference === null) return `Same ${label}: ${plural(lengthA ?? 0, 'character')}.`;
    if (lengthA === null || lengthB === null) {
      return `The ${label} is in ${lengthA === null ? 'B' : 'A'} only: ${plural(lengthA ?? lengthB ?? 0, 'character')}.`;
    }
    const { at, before, a, b } = difference;
    const after = before === '' ? '' : ` after ${JSON.stringify(before)}`;
    const shown = (text: string): string => (text === '' ? 'the end' : JSON.stringify(text));
    return `The ${label} differs from character ${at} on${after}: ${shown(a)} in A, ${shown(b)} in B.`;
  });
}

function timeSentences(timing: Timing, pairs: number): string[] {
  const { delay, firstByte, heldPairs, added, addedCount } = timing;
  if (pairs === 0) return ['No event of A has a partner in B, so there is no time to compare.'];
  if (delay === null) return ['At least one capture has no times: events are paired, without delays.'];
  const texts: string[] = [];
  if (firstByte !== null && Math.abs(firstByte) >= WORTH_MS) texts.push(`First byte: B ${later(firstByte)}.`);
  const spread = delay.p95 - delay.p5;
  if (spread <= Math.max(STEADY_MS, STEADY_SHARE * Math.abs(delay.p50))) {
    texts.push(
      Math.abs(delay.p50) < WORTH_MS
        ? 'Events arrive at the same times in both.'
        : `B is ${later(delay.p50)} throughout (p5 ${signed(delay.p5)}, p95 ${signed(delay.p95)}): a steady offset.`,
    );
  } else {
    texts.push(
      `The delay goes from ${signed(delay.first)} at the first pair to ${signed(delay.last)} at the last ` +
        `(p50 ${signed(delay.p50)}, p95 ${signed(delay.p95)}, max ${signed(delay.max)}).`,
    );
  }
  // Bursts add time again and again: `mergedSentences` reports them.
  if (added.length > 0 && heldPairs < MOSTLY * pairs) {
    const listed = added.slice(0, LISTED).map(({ a, ms }) => `${signed(ms)} before event ${a} of A`);
    const more = addedCount > LISTED ? `, and at ${plural(addedCount - LISTED, 'other place')}` : '';
    texts.push(`Time was added: ${listed.join(', ')}${more}.`);
  }
  return texts;
}

function mergedSentences(timing: Timing): string[] {
  const { held, heldCount, heldPairs, mergedArrivals, mergedPairs, joinedEvents, splitEvents } = timing;
  const texts = held.length <= LISTED ? held.map(heldSentence) : [];
  if (held.length > LISTED) {
    const [longest] = [...held].sort((one, other) => other.spanA - one.spanA);
    const waited = longest === undefined ? '' : `, the longest over ${duration(longest.spanA)} of A`;
    texts.push(
      `B holds events back and sends them together: ${heldPairs} events in ${heldCount} bursts${waited}.`,
    );
  }
  if (mergedArrivals > 0) {
    texts.push(
      `${plural(mergedArrivals, 'arrival')} of B ${mergedArrivals === 1 ? 'contains' : 'contain'} events that arrived one after another in A: ${plural(mergedPairs, 'event')}.`,
    );
  }
  if (joinedEvents > 0)
    texts.push(
      `${plural(joinedEvents, 'event')} of B ${joinedEvents === 1 ? 'joins' : 'join'} several of A.`,
    );
  if (splitEvents > 0)
    texts.push(
      `${plural(splitEvents, 'event')} of A ${splitEvents === 1 ? 'is' : 'are'} split over several of B.`,
    );
  return texts;
}

function heldSentence({ a, spanA, spanB }: HeldRun): string {
  return `Events ${a[0]} to ${a[1]} of A came one by one over ${duration(spanA)}; in B all ${spanB < 0.05 ? 'at one moment' : `within ${duration(spanB)}`}.`;
}

function asideSentences({ setAside }: Comparison): string[] {
  const paths = setAside.flatMap(({ path, reason }) => (reason === 'identity' ? [path] : []));
  if (paths.length === 0) return [];
  const listed = paths.slice(0, 8).join(', ');
  const more = paths.length > 8 ? ` and ${paths.length - 8} more` : '';
  return [`Not compared, because it identifies or times the request: ${listed}${more}.`];
}

function unjudgedSentences(unjudged: readonly Unjudged[]): string[] {
  return unjudged
    .slice(0, LISTED)
    .map((one) =>
      one.kind === 'text'
        ? `The ${one.label} differs too much for a certain match.`
        : `Events ${one.a[0]} to ${one.a[1]} of A and ${one.b[0]} to ${one.b[1]} of B differ too much to rule out further pairs.`,
    );
}

function without(events: Int32Array, others: Int32Array): Int32Array {
  const known = new Set(others);
  return events.filter((event) => !known.has(event));
}

/** Numbers of events as ranges, the first few: `3, 7 to 9, …`. */
function places(events: Int32Array): string {
  const ranges: string[] = [];
  for (let n = 0; n < events.length && ranges.length <= 5; n++) {
    const first = events[n] as number;
    while (events[n + 1] === (events[n] as number) + 1) n++;
    const last = events[n] as number;
    ranges.push(first === last ? String(first) : `${first} to ${last}`);
  }
  return ranges.length > 5 ? `${ranges.slice(0, 5).join(', ')}, …` : ranges.join(', ');
}

function later(ms: number): string {
  return `${duration(Math.abs(ms))} ${ms < 0 ? 'earlier' : 'later'}`;
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
}

/** A time for people: `12 ms`, `3.10 s`. */
function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 10 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}
