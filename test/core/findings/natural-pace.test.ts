import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/core/findings/finding.ts';
import {
  haveRecordedStreams,
  type RecordedStream,
  recordedStreams,
} from '../../fixtures/recorded-streams.ts';
import { CaptureBuilder } from '../../fixtures/capture-builder.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';

/** Gaps between events, ms, least and most: a fast model, the usual one, a slow one. */
const paces = [
  [4, 12],
  [20, 60],
  [80, 250],
] as const;

/** How events share chunks: one each, now and then two, a type and its data in one read and then the rest at once. */
const chunkings = ['one each', 'now and then two', 'line by line'] as const;

type Chunking = (typeof chunkings)[number];

/** A recorded stream at a pace. The seed names it. */
function paced(
  { body }: RecordedStream,
  [least, most]: readonly [number, number],
  chunking: Chunking,
  random: () => number,
): CaptureBuilder {
  const capture = begun();
  let at = 300;
  let waiting = '';
  for (const event of new TextDecoder().decode(body).split(/(?<=\n\n)/)) {
    at += least + random() * (most - least);
    waiting += event;
    if (chunking === 'now and then two' && random() < 0.2) continue;
    if (chunking === 'line by line')
      for (const line of waiting.split(/(?<=\n(?!\n))/)) capture.chunk(line, at);
    else capture.chunk(waiting, at);
    waiting = '';
  }
  if (waiting !== '') capture.chunk(waiting, at);
  return capture.end();
}

const begun = (): CaptureBuilder =>
  new CaptureBuilder({ method: 'POST', url: 'http://127.0.0.1/stream' }).response([
    ['Content-Type', 'text/event-stream'],
    ['Cache-Control', 'no-store'],
    ['Transfer-Encoding', 'chunked'],
  ]);

/**
 * What the recordings themselves have wrong: one ends with the provider's error, and one lacks the last brace of its first
 * and its last payload, so that its end never comes.
 */
const expected = ({ payloads }: RecordedStream): readonly string[] => {
  if (payloads.some((payload) => !isJson(payload))) return ['json-truncated', 'missing-terminal-event'];
  return payloads.some((payload) => payload.startsWith('{"type":"error"')) ? ['error-in-stream'] : [];
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, message }) => `${code}: ${message}`);

describe.skipIf(!haveRecordedStreams)('a recorded stream at a natural pace', () => {
  test.each(recordedStreams().map((stream) => [stream.name, stream] as const))(
    'has nothing to be said about, however its events come: %s',
    (name, stream) => {
      for (const pace of paces) {
        for (const chunking of chunkings) {
          const seed = `${name} ${pace.join('-')} ms, ${chunking}`;
          const findings = paced(stream, pace, chunking, seededRandom(seed)).findings();
          // Lines that come apart are chunks of one event, which is worth a word.
          const others = findings.filter(
            ({ code }) => chunking !== 'line by line' || code !== 'event-split-across-chunks',
          );
          expect(
            others.map(({ code }) => code),
            `${seed}\n${told(others).join('\n')}`,
          ).toEqual(expected(stream));
        }
      }
    },
  );

  test.each(recordedStreams().map((stream) => [stream.name, stream] as const))(
    'has no warning and no error when it is cut at random: %s',
    (name, stream) => {
      for (let run = 0; run < 3; run++) {
        const seed = `${name} cut ${run}`;
        const random = seededRandom(seed);
        const capture = begun();
        let at = 300;
        for (let start = 0; start < stream.body.length; ) {
          const end = start + 1 + Math.floor(random() * 400);
          capture.chunk(stream.body.subarray(start, end), at);
          start = end;
          at += 5 + random() * 35;
        }
        const loud = capture
          .end()
          .findings()
          .filter(({ severity }) => severity !== 'info');
        expect(
          loud.map(({ code }) => code),
          `${seed}\n${told(loud).join('\n')}`,
        ).toEqual(expected(stream));
      }
    },
  );
});
