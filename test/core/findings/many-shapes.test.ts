import { describe, expect, test } from 'vitest';
import type { Finding, FindingCode } from '../../../src/core/findings/finding.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';
import {
  blocks,
  captureOf,
  concat,
  type MadePiece,
  networks,
  randomStream,
  type StreamShape,
} from '../../fixtures/stream-shapes.ts';

/** Streams of each kind; a failure names the seed, by which it can be made again. */
const RUNS = 150;

const loud = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, severity, message }) => `${code} (${severity}): ${message}`);

/**
 * A short answer, fast enough for one packet or one interval of a network, and after a second: a held one looks the
 * same, and nothing in its capture can tell.
 */
function isOnePiece(pieces: readonly MadePiece[]): boolean {
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
  return pieces.some((piece) => piece.at >= 1000 && piece.bytes.length > bytes / 2 && bytes > 500);
}

describe('a healthy stream of any shape', () => {
  test.each(Object.entries(networks))(
    'has no warning and no error, brought by this network: %s',
    (network, bring) => {
      const wrong: string[] = [];
      for (let run = 0; run < RUNS; run++) {
        const seed = `healthy ${network} ${run}`;
        const random = seededRandom(seed);
        const shape = randomStream(random);
        const pieces = bring(shape.events, random);
        if (isOnePiece(pieces)) continue;
        const found = loud(captureOf(shape, pieces).end().findings());
        if (found.length > 0) wrong.push(`${seed}: ${shape.name}: ${found.join('; ')}`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

/** Expects that code, as a warning or error, and no other, in streams that `spoil` makes of healthy ones; null where it has nothing to spoil. */
function alwaysFound(
  code: FindingCode,
  kind: string,
  spoil: (shape: StreamShape, random: () => number) => readonly Finding[] | null,
): void {
  const wrong: string[] = [];
  let judged = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = `${kind} ${run}`;
    const random = seededRandom(seed);
    const shape = randomStream(random, 30, 400);
    const findings = spoil(shape, random);
    if (findings === null) continue;
    judged++;
    const found = loud(findings);
    if (found.length !== 1 || !found[0]?.startsWith(`${code} `))
      wrong.push(`${seed}: ${shape.name}: ${found.join('; ') || 'nothing'}`);
  }
  expect(wrong).toEqual([]);
  expect(judged).toBeGreaterThan(RUNS / 10);
}

const bodyOf = ({ events }: StreamShape): Uint8Array => concat(events.map(({ bytes }) => bytes));

describe('a held stream of any shape', () => {
  test('that arrives at once at its end is found to be buffered', () => {
    alwaysFound('response-buffered', 'whole', (shape, random) => {
      const end = (shape.events.at(-1)?.at ?? 0) + 1;
      if (end < 1100) return null;
      const body = bodyOf(shape);
      // A read has up to 64 KiB, and the next one follows at once.
      const pieces: MadePiece[] = [];
      for (let start = 0, at = end; start < body.length; start += 65_536, at += random())
        pieces.push({ at, bytes: body.subarray(start, start + 65_536) });
      return captureOf(shape, pieces, random() < 0.5 ? 1 : end - 1)
        .end()
        .findings();
    });
  });

  test('that arrives in blocks of a buffer is found to be coalesced', () => {
    alwaysFound('coalesced-delivery', 'blocks', (shape, random) => {
      const size = 2048 * 2 ** Math.floor(random() * 4);
      const pieces = blocks(shape.events, size);
      const events = shape.events.length / pieces.length;
      const gaps = pieces.slice(1).map(({ at }, n) => at - (pieces[n]?.at ?? 0));
      // What can be judged: enough arrivals, and rests that come later than any network's.
      if (shape.coded || events < 3.5 || pieces.length < 4) return null;
      if (gaps.filter((gap) => gap >= 60).length < gaps.length * 0.75) return null;
      return captureOf(shape, pieces).end().findings();
    });
  });

  test('whose events wait for the next one to end them is found to be late', () => {
    alwaysFound('one-event-late', 'late', (shape) => {
      const { events } = shape;
      if (shape.headers[0]?.[1] === 'application/x-ndjson') return null;
      const gaps = events.slice(1).map(({ at }, n) => at - (events[n]?.at ?? 0));
      if (gaps.filter((gap) => gap >= 15).length < gaps.length * 0.9) return null;
      const ends = events.map(({ bytes }) => bytes.length - (bytes.at(-2) === 0x0d ? 2 : 1));
      const pieces = events.map(({ at, bytes }, n) => ({
        at,
        bytes: concat([
          events[n - 1]?.bytes.subarray(ends[n - 1]) ?? new Uint8Array(0),
          bytes.subarray(0, ends[n]),
        ]),
      }));
      const last = events.at(-1);
      if (last === undefined) return null;
      return captureOf(shape, [...pieces, { at: last.at + 20, bytes: last.bytes.subarray(ends.at(-1)) }])
        .end()
        .findings();
    });
  });

  test('that breaks off at any byte is found to be cut', () => {
    const wrong: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const seed = `cut ${run}`;
      const random = seededRandom(seed);
      const shape = randomStream(random);
      const body = bodyOf(shape);
      let left = Math.floor(random() * body.length * 0.6);
      const pieces: MadePiece[] = [];
      for (const { at, bytes } of shape.events) {
        if (left <= 0) break;
        pieces.push({ at, bytes: bytes.subarray(0, left) });
        left -= bytes.length;
      }
      const findings = captureOf(shape, pieces).end('premature-close', undefined, 'closed').findings();
      const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      const allowed: readonly FindingCode[] = ['premature-close', 'missing-terminal-event', 'no-events'];
      if (!errors.includes('premature-close') || errors.some((code) => !allowed.includes(code)))
        wrong.push(`${seed}: ${shape.name}: ${loud(findings).join('; ')}`);
    }
    expect(wrong).toEqual([]);
  });
});
