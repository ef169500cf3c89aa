import { eventStream, inPieces } from './event-streams.ts';
import { takeTurns, type Benchmark, type BenchRow } from './harness.ts';
import {
  bufferIndexOf,
  eventsourcePackage,
  eventsourceParser,
  openaiDecoder,
  ourOffsets,
  ourStrings,
  type ParseWork,
} from './parse-contenders.ts';

const EVENT_SIZE = 285;
const LARGE_EVENT_SIZE = 14_000;
const STREAM_BYTES = 1 << 20;

/** Targets of the parser: bytes to offsets, bytes to event strings, and both in pieces of any size. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'parse 285-byte events in 16 kB pieces', measure: () => typicalPieces(16 * 1024) },
  { name: 'parse 285-byte events in 1460-byte pieces', measure: () => typicalPieces(1460) },
  { name: 'parse 285-byte events in pieces of any size', measure: () => anyPieces(EVENT_SIZE) },
  { name: 'parse 14 kB events in pieces of any size', measure: () => anyPieces(LARGE_EVENT_SIZE) },
];

async function typicalPieces(pieceSize: number): Promise<readonly BenchRow[]> {
  const work = workOf(EVENT_SIZE, pieceSize);
  const times = await takeTurns([
    bufferIndexOf(work),
    ourOffsets(work),
    ourStrings(work),
    eventsourceParser(work),
    eventsourcePackage(work),
    openaiDecoder(work),
  ]);
  const compare = (what: string, ours: string, theirs: string, target: number): BenchRow => ({
    what: `${what}, ${pieceSize}-byte pieces`,
    measured: time(times, theirs) / time(times, ours),
    target,
    bound: 'at-least',
    unit: `× ${theirs}`,
    detail: `${speed(time(times, ours))} beside ${speed(time(times, theirs))}`,
  });
  return [
    compare('to offsets', 'offsets', 'Buffer.indexOf', 0.6),
    compare('to event strings', 'strings', 'eventsource-parser', 1),
    compare('to event strings', 'strings', 'eventsource', 3),
    compare('to event strings', 'strings', 'openai', 10),
  ];
}

/** Work is linear: small pieces cost calls, never another look at bytes that were seen. */
async function anyPieces(eventSize: number): Promise<readonly BenchRow[]> {
  const sizes = [64 * 1024, 16 * 1024, 1460, 64, 1];
  const works = sizes.map((size) => workOf(eventSize, size));
  const contenders = works.flatMap((work, i) =>
    [ourOffsets(work), ourStrings(work), eventsourceParser(work)].map(({ name, run }) => ({
      name: `${name} ${sizes[i]}`,
      run,
    })),
  );
  const times = await takeTurns(contenders, { rounds: 7, milliseconds: 25 });
  const rows: BenchRow[] = [];
  for (const what of ['offsets', 'strings']) {
    const best = Math.min(...sizes.map((size) => time(times, `${what} ${size}`)));
    for (const size of sizes) {
      const ours = time(times, `${what} ${size}`);
      // A piece of one byte is a call for each byte; there the bound is the other parser alone.
      if (size > 1) {
        rows.push({
          what: `${eventSize}-byte events to ${what}, ${size}-byte pieces`,
          measured: ours / best,
          target: 2,
          bound: 'at-most',
          unit: '× the best piece size',
          detail: speed(ours),
        });
      }
      const theirs = time(times, `eventsource-parser ${size}`);
      rows.push({
        what: `${eventSize}-byte events to ${what}, ${size}-byte pieces`,
        measured: theirs / ours,
        target: 1,
        bound: 'at-least',
        unit: '× eventsource-parser',
        detail: `${speed(ours)} beside ${speed(theirs)}`,
      });
    }
  }
  return rows;
}

function workOf(eventSize: number, pieceSize: number): ParseWork {
  const stream = eventStream(eventSize, STREAM_BYTES);
  return { pieces: inPieces(stream, pieceSize), events: stream.length / eventSize };
}

function time(times: ReadonlyMap<string, number>, name: string): number {
  const found = times.get(name);
  if (found === undefined) throw new Error(`no contender ${name}`);
  return found;
}

function speed(milliseconds: number): string {
  return `${(STREAM_BYTES / milliseconds / 1000).toFixed(0)} MB/s`;
}
