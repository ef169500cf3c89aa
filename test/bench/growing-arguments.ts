import { appendArguments, newToolCall } from '../../src/core/llm/message.ts';
import { takeTurns, type Benchmark, type BenchRow } from './harness.ts';

const DELTA_LENGTH = 20;

/** The live view of a tool call's arguments while they arrive: the exact text and the tree, after every delta. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'arguments of a tool call while they grow', measure },
];

async function measure(): Promise<readonly BenchRow[]> {
  const lengths = [100_000, 200_000];
  const work = lengths.map((length) => deltasOf(length));
  const times = await takeTurns(
    work.map((deltas, i) => ({ name: String(lengths[i]), run: () => grow(deltas) })),
  );
  const [time = Number.NaN, doubled = Number.NaN] = lengths.map((length) => times.get(String(length)));
  return [
    {
      what: 'a growing 100 kB argument, 20 characters at a time',
      measured: (time * 1000) / (100_000 / DELTA_LENGTH),
      target: 0.5,
      bound: 'at-most',
      unit: 'µs a delta',
      detail: `${time.toFixed(2)} ms for ${100_000 / DELTA_LENGTH} deltas`,
    },
    {
      what: 'the same at twice the size',
      measured: doubled / time,
      target: 2.3,
      bound: 'at-most',
      unit: '× the time',
      detail: `${doubled.toFixed(2)} ms beside ${time.toFixed(2)} ms`,
    },
  ];
}

function grow(deltas: readonly string[]): void {
  const call = newToolCall('function', 0);
  let open = 0;
  for (let n = 0; n < deltas.length; n++) {
    appendArguments(call, deltas[n] ?? '', n);
    // What a live view reads: the tree, and how deep it is open.
    if (call.json?.root?.open === true) open += call.json.depth;
  }
  if (call.json?.problem !== null || !call.json.complete || open === 0)
    throw new Error('not read to its end');
}

/** A JSON text of about this length, as a model writes a file into an argument: objects, numbers, escapes, prose. */
function deltasOf(length: number): readonly string[] {
  const items: object[] = [];
  for (let size = 20; size < length; ) {
    const item = {
      id: items.length,
      path: `src/file-${items.length}.ts`,
      score: 0.25,
      ok: true,
      text: 'a "line"\nand another – é',
    };
    items.push(item);
    size += JSON.stringify(item).length + 1;
  }
  const text = JSON.stringify({ items });
  return Array.from({ length: Math.ceil(text.length / DELTA_LENGTH) }, (_, n) =>
    text.slice(n * DELTA_LENGTH, (n + 1) * DELTA_LENGTH),
  );
}
