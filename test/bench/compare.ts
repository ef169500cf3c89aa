import { Analysis } from '../../src/core/analysis/analysis.ts';
import type { CaptureRecord } from '../../src/core/capture/record.ts';
import { comparisonRecord } from '../../src/core/compare/comparison-records.ts';
import { compareStreams } from '../../src/core/compare/comparison.ts';
import { alignSequences } from '../../src/core/compare/sequence-alignment.ts';
import { OutlineReader, type StreamOutline } from '../../src/core/compare/stream-outline.ts';
import { seededRandom } from '../fixtures/seeded-random.ts';
import { inPieces } from './event-streams.ts';
import { takeTurns, type Benchmark, type BenchRow } from './harness.ts';

const EVENTS = 100_000;
const url = 'http://h/v1/chat/completions';

/** Two captures of 100,000 events each, aligned by content. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'compare two sequences of 100,000', measure: measureSequences },
  { name: 'compare two captures of 100,000 events', measure: measureCaptures },
];

const turns = { rounds: 3, milliseconds: 1 };

async function measureSequences(): Promise<readonly BenchRow[]> {
  const numbers = Array.from({ length: EVENTS }, (_, n) => n);
  const noise = (seed: string): number[] => {
    const random = seededRandom(seed);
    return numbers.map(() => Math.floor(random() * 10));
  };
  const random = seededRandom('shuffled');
  const shuffled = numbers.map((n) => [random(), n] as const).sort((one, other) => one[0] - other[0]);
  const cases: readonly (readonly [name: string, a: readonly number[], b: readonly number[]])[] = [
    ['all equal', numbers, numbers],
    ['all different', numbers, numbers.map((n) => n + EVENTS)],
    ['all of one value, one less', numbers.map(() => 1), numbers.slice(1).map(() => 1)],
    ['one missing in the middle', numbers, numbers.filter((n) => n !== EVENTS / 2)],
    ['reversed', numbers, [...numbers].reverse()],
    ['shuffled', numbers, shuffled.map(([, n]) => n)],
    ['noise of 10 values', noise('a'), noise('b')],
  ];
  const times = await takeTurns(
    cases.map(([name, a, b]) => ({ name, run: () => void alignSequences(a, b) })),
    turns,
  );
  return cases.map(([name]) => row(name, times.get(name) ?? Number.NaN));
}

async function measureCaptures(): Promise<readonly BenchRow[]> {
  const tokens = tokensOf('one answer');
  const some = seededRandom('cut otherwise');
  const blocks = tokens.map(block);
  const whole = outlineOf(blocks);
  const others = new Map<string, StreamOutline>([
    ['all equal', outlineOf(blocks)],
    ['every tenth missing', outlineOf(blocks.filter((_, n) => n % 10 !== 0))],
    ['every hundredth changed', outlineOf(tokens.map((token, n) => block(n % 100 === 0 ? ' other' : token)))],
    ['another text', outlineOf(tokensOf('another answer').map(block))],
    ['the same text, cut otherwise', outlineOf(cut(tokens.join(''), some).map(block))],
    [
      'almost the same text, cut otherwise',
      outlineOf(cut(tokens.join('').replaceAll(' w7 ', ' '), some).map(block)),
    ],
  ]);
  const contenders = [...others].map(([name, other]) => ({
    name,
    run: () => void comparisonRecord(compareStreams(whole, other)),
  }));
  const body = bodyOf(blocks);
  const [reading, analysis] = ['an outline', 'an analysis'];
  const times = await takeTurns(
    [
      { name: reading, run: () => read(new OutlineReader(url), body) },
      {
        name: analysis,
        run: () => read(new Analysis({ method: 'GET', url, headers: [], client: 'raw' }), body),
      },
      ...contenders,
    ],
    turns,
  );
  const time = (name: string): number => times.get(name) ?? Number.NaN;
  return [
    ...[...others.keys()].map((name) => row(name, time(name))),
    {
      what: 'read a capture into what is compared',
      measured: time(reading) / time(analysis),
      target: 2,
      bound: 'at-most',
      unit: '× its messages, metrics and findings',
      detail: `${time(reading).toFixed(0)} ms beside ${time(analysis).toFixed(0)} ms`,
    },
  ];
}

function row(what: string, time: number): BenchRow {
  return { what, measured: time, target: 1000, bound: 'at-most', unit: 'ms', detail: `${EVENTS} events` };
}

/** Tokens of a text of 2,000 different words. */
function tokensOf(seed: string): readonly string[] {
  const random = seededRandom(seed);
  return Array.from({ length: EVENTS }, () => ` w${Math.floor(random() ** 2 * 2000)}`);
}

/** A text in pieces of 1 to 8 characters. */
function cut(text: string, random: () => number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * 8);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** The event of a token. */
function block(content: string): string {
  const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }];
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_795_523_712,
    model: 'm',
    choices,
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function outlineOf(blocks: readonly string[]): StreamOutline {
  const reader = new OutlineReader(url);
  read(reader, bodyOf(blocks));
  return reader.end();
}

function bodyOf(blocks: readonly string[]): Uint8Array {
  return new TextEncoder().encode(blocks.join(''));
}

function read(reader: { push(record: CaptureRecord): void }, body: Uint8Array): void {
  for (const [read, bytes] of inPieces(body, 16 * 1024).entries()) {
    reader.push({ kind: 'chunk', at: read, read, wireBytes: bytes.length, bytes });
  }
  reader.push({ kind: 'end', at: 1e6, reason: 'complete' });
}
