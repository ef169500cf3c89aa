import { randomUUID } from 'node:crypto';
import { type Lab, startLab } from '../../src/main/lab/lab.ts';
import { runLadder } from '../../src/main/ladder/lab/lab-ladder.ts';
import { type LabStream, readLabStream } from '../../src/main/ladder/lab/lab-stream.ts';
import { eventsOf } from '../../src/main/ladder/received-stream.ts';
import type { Benchmark } from './harness.ts';

const runs = 200;
const climbs = 20;
const options = { client: 'raw', signal: new AbortController().signal, recorder: null, title: '' } as const;

/** ms from the upstream's first token to the client that reads it through the lab's relay, run after run. */
async function firstTokens(lab: Lab): Promise<{ fromModel: number[]; inRelay: number[] }> {
  const fromModel: number[] = [];
  const inRelay: number[] = [];
  for (let n = 0; n < runs; n++) {
    const path = '/stages/openai?delay=1';
    const { yielded, relayed, arrived } = firstToken(
      await readLabStream({ ...options, id: randomUUID(), lab, path }),
    );
    fromModel.push(arrived - yielded);
    inRelay.push(arrived - relayed);
  }
  return { fromModel, inRelay };
}

/** When the model yielded its first token, the relay received it and the client received it, ms. */
function firstToken(stream: LabStream): { yielded: number; relayed: number; arrived: number } {
  const { id, entries } = stream;
  const relayed = entries.find(
    (entry) =>
      entry.kind === 'upstream' && entry.requestId === id && entry.state === 'delta' && entry.text !== '',
  );
  const n = relayed?.kind === 'upstream' ? relayed.n : -1;
  const yielded = entries.find(
    (entry) => entry.kind === 'yield' && entry.requestId === `${id}.upstream` && entry.n === n,
  );
  const arrived = eventsOf(stream)[n]?.at ?? null;
  if (relayed === undefined || yielded === undefined || arrived === null) throw new Error('no token arrived');
  return { yielded: yielded.at, relayed: relayed.at, arrived };
}

/** ms from the lab's sight of a client that went away to the model's server's sight of the same, run after run. */
async function aborts(lab: Lab): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < runs; n++) {
    const id = randomUUID();
    const gone = new Promise<number>((resolve) => {
      const stop = lab.log.listen((entry) => {
        if (entry.kind !== 'client-gone' || entry.requestId !== `${id}.upstream`) return;
        stop();
        resolve(entry.at);
      });
    });
    const path = '/stages/context?source=model&delay=20';
    await readLabStream({
      ...options,
      id,
      lab,
      path,
      onRecord: (record, stop) => {
        if (record.kind === 'chunk' && Buffer.from(record.bytes).includes('"upstream"')) stop();
      },
    });
    const upstreamGone = await gone;
    const clientGone = lab.log.entries(id).find(({ kind }) => kind === 'client-gone');
    times.push(upstreamGone - (clientGone?.at ?? Number.NaN));
  }
  return times;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const show = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5).toFixed(2)} ms, p95 ${percentile(values, 0.95).toFixed(2)} ms, ${values.length} runs`;

async function withLab<T>(measure: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startLab();
  try {
    return await measure(lab);
  } finally {
    await lab.close();
  }
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'ladder: the relay',
    measure: () =>
      withLab(async (lab) => {
        const { fromModel, inRelay } = await firstTokens(lab);
        const aborted = await aborts(lab);
        const most = { bound: 'at-most', unit: 'ms' } as const;
        return [
          {
            ...most,
            what: 'first token, from the relay’s receipt to the client’s, p95',
            measured: percentile(inRelay, 0.95),
            target: 5,
            detail: show(inRelay),
          },
          {
            ...most,
            what: 'first token, from the model’s yield to the client, p95',
            measured: percentile(fromModel, 0.95),
            target: 10,
            detail: show(fromModel),
          },
          {
            ...most,
            what: 'from a client’s abort to the upstream’s, p95',
            measured: percentile(aborted, 0.95),
            target: 25,
            detail: show(aborted),
          },
        ];
      }),
  },
  {
    name: 'ladder: in a row',
    measure: () =>
      withLab(async (lab) => {
        let passed = 0;
        const times: number[] = [];
        for (let n = 0; n < climbs; n++) {
          const began = performance.now();
          const result = await runLadder({ lab, browser: { missing: 'measured without a browser' } });
          times.push(performance.now() - began);
          if (result.passed) passed++;
        }
        return [
          {
            what: `climbs of ${climbs} in a row that pass`,
            measured: passed,
            target: climbs,
            bound: 'at-least',
            unit: 'climbs',
            detail: show(times),
          },
        ];
      }),
  },
];
