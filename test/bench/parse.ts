import { eventStream, inPieces } from './event-streams.ts';
import { takeTurns, type Benchmark, type BenchRow, type Contender } from './harness.ts';
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

type Depth = 'strings' | 'offsets';

/**
 * Targets of the parser: bytes to event strings, and to offsets alone, in pieces of any size. Strings come first: the compiler
 * then knows one user of the scanner, as in the application, where nothing reads offsets alone.
 */
export const benchmarks: readonly Benchmark[] = [
  { name: 'parse to event strings', measure: () => typicalPieces('strings') },
  { name: 'parse 285-byte events to strings', measure: () => anyPieces('strings', EVENT_SIZE) },
  { name: 'parse 14 kB events to strings', measure: () => anyPieces('strings', LARGE_EVENT_SIZE) },
  { name: 'parse to offsets', measure: () => typicalPieces('offsets') },
  { name: 'parse 285-byte events to offsets', measure: () => anyPieces('offsets', EVENT_SIZE) },
  { name: 'parse 14 kB events to offsets', measure: () => anyPieces('offsets', LARGE_EVENT_SIZE) },
];

async function typicalPieces(depth: Depth): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const pieceSize of [16 * 1024, 1460]) {
    const work = workOf(EVENT_SIZE, pieceSize);
    const others =
      depth === 'offsets'
        ? [{ contender: bufferIndexOf(work), target: 2 }]
        : [
            { contender: eventsourceParser(work), target: 1 },
            { contender: eventsourcePackage(work), target: 5 },
            { contender: openaiDecoder(work), target: 20 },
          ];
    const ours = oursOf(depth, work);
    const times = await takeTurns([ours, ...others.map(({ contender }) => contender)]);
    for (const { contender, target } of others) {
      rows.push({
        what: `285-byte events to ${depth}, ${pieceSize}-byte pieces`,
        measured: time(times, contender.name) / time(times, ours.name),
        target,
        bound: 'at-least',
        unit: `× ${contender.name}`,
        detail: `${speed(time(times, ours.name))} beside ${speed(time(times, contender.name))}`,
      });
    }
  }
  return rows;
}

/** Work is linear: small pieces cost calls, never another look at bytes that were seen. */
async function anyPieces(depth: Depth, eventSize: number): Promise<readonly BenchRow[]> {
  const sizes = [64 * 1024, 16 * 1024, 1460, 64, 1];
  const contenders = sizes.flatMap((size) => {
    const work = workOf(eventSize, size);
    return [oursOf(depth, work), eventsourceParser(work)].map(({ name, run }) => ({
      name: `${name} ${size}`,
      run,
    }));
  });
  const times = await takeTurns(contenders, { rounds: 9, milliseconds: 25 });
  const best = Math.min(...sizes.map((size) => time(times, `${depth} ${size}`)));
  return sizes.flatMap((size) => {
    const what = `${eventSize}-byte events to ${depth}, ${size}-byte pieces`;
    const ours = time(times, `${depth} ${size}`);
    const theirs = time(times, `eventsource-parser ${size}`);
    const beside: BenchRow = {
      what,
      measured: theirs / ours,
      target: 1,
      bound: 'at-least',
      unit: '× eventsource-parser',
      detail: `${speed(ours)} beside ${speed(theirs)}`,
    };
    const besideBest: BenchRow = {
      what,
      measured: ours / best,
      target: 2,
      bound: 'at-most',
      unit: '× the best piece size',
      detail: speed(ours),
    };
    // A piece of one byte is a call for each byte; there the bound is the other parser alone.
    return size > 1 ? [besideBest, beside] : [beside];
  });
}

function oursOf(depth: Depth, work: ParseWork): Contender {
  return depth === 'strings' ? ourStrings(work) : ourOffsets(work);
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
