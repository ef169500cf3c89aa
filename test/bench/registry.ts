import { benchmarks as compare } from './compare.ts';
import { benchmarks as growingArguments } from './growing-arguments.ts';
import type { Benchmark } from './harness.ts';
import { benchmarks as ladder } from './ladder.ts';
import { benchmarks as parse } from './parse.ts';
import { benchmarks as recording } from './recording.ts';
import { benchmarks as replay } from './replay.ts';
import { benchmarks as storedCapture } from './stored-capture.ts';
import { benchmarks as window } from './window.ts';

/** Every benchmark, in the order in which `npm run bench` runs them. A test fails where a file of this folder is missing. */
export const benchmarks: readonly Benchmark[] = [
  ...parse,
  ...growingArguments,
  ...ladder,
  ...recording,
  ...replay,
  ...storedCapture,
  ...window,
  ...compare,
];
