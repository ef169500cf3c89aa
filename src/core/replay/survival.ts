import { decodeUtf8 } from '../text/utf8.ts';
import { visibleText } from '../text/visible-text.ts';
import type { Expectation } from './harsh-variants.ts';

/** What a command printed. */
export interface PrintedOutput {
  /** The beginning; all of it where it is not longer than what is kept. */
  readonly start: Uint8Array;
  /** Bytes of all of it, and a digest of them. */
  readonly length: number;
  readonly digest: string;
}

/** One run of a client. */
export interface ClientRun {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  /** It did not end in time, and was ended. */
  readonly isHung: boolean;
  readonly output: PrintedOutput;
  /** The line that it wrote to standard error and that says most; empty for none. */
  readonly error: string;
  /** How long it ran, ms. */
  readonly ms: number;
}

/**
 * Whether a client survived.
 * - `same`: it printed the same. `reported`: it did not, and said so with its exit status.
 * - `differs`: it printed something else although every byte arrived. `unnoticed`: something was lost or came twice, and it
 *   ended as if nothing had happened.
 * - `failed`: it gave up although every byte arrived, or crashed. `hung`: it did not end.
 */
export type Survival = 'same' | 'reported' | 'differs' | 'unnoticed' | 'failed' | 'hung';

/** A verdict on one run. */
export interface Verdict {
  readonly survival: Survival;
  readonly passed: boolean;
  /** What shows it, one sentence; empty for `same`. */
  readonly evidence: string;
}

/** Judges a run of a client against its run without harm, which ended with exit status 0. */
export function judge(run: ClientRun, unharmed: ClientRun, expects: Expectation): Verdict {
  const { status, signal, isHung, output } = run;
  const isSame = output.length === unharmed.output.length && output.digest === unharmed.output.digest;
  const verdict = (survival: Survival, evidence: string): Verdict => ({
    survival,
    passed: survival === 'same' || survival === 'reported',
    evidence,
  });
  if (isHung)
    return verdict(
      'hung',
      `It did not end. ${isSame ? 'It had printed the same.' : difference(run, unharmed)}`,
    );
  if (signal !== null) return verdict('failed', `${signal} ended it. ${errorText(run)}`.trim());
  if (status !== 0) {
    const evidence = `Exit status ${status}. ${errorText(run)}`.trim();
    return verdict(expects === 'same' ? 'failed' : 'reported', evidence);
  }
  if (isSame) return verdict('same', '');
  return verdict(expects === 'same' ? 'differs' : 'unnoticed', difference(run, unharmed));
}

/** Why a client cannot be tested: its runs without harm are no measure. Null if they are. */
export function unusable(first: ClientRun, second: ClientRun): string | null {
  for (const run of [first, second]) {
    if (run.isHung) return 'it does not end by itself, even without harm';
    if (run.status !== 0) {
      const end = run.signal === null ? `exit status ${run.status}` : run.signal;
      return `it fails even without harm (${end}). ${errorText(run)}`.trim();
    }
  }
  if (first.output.length === 0) return 'it prints nothing, so that there is nothing to compare';
  if (first.output.digest === second.output.digest) return null;
  return `it prints something else each time, even without harm. ${difference(second, first)}`;
}

function errorText({ error }: ClientRun): string {
  return error === '' ? '' : `It said: ${visibleText(error)}`;
}

/** Characters shown of each output where they part. */
const shown = 40;

/** Where two outputs part, and what stands there. */
function difference({ output: printed }: ClientRun, { output: expected }: ClientRun): string {
  const most = Math.min(printed.start.length, expected.start.length);
  let at = 0;
  while (at < most && printed.start[at] === expected.start[at]) at++;
  if (at === printed.length) {
    const missing = expected.length - at;
    return `It printed ${at === 0 ? 'nothing' : `the first ${at} of ${expected.length} bytes`}; ${missing} are missing, from ${excerpt(expected, at)} on.`;
  }
  if (at === expected.length) return `It printed more: ${excerpt(printed, at)}.`;
  // Beyond what is kept.
  if (at === most) return `It printed something else after ${at} bytes.`;
  return `At byte ${at} it printed ${excerpt(printed, at)} instead of ${excerpt(expected, at)}.`;
}

function excerpt({ start }: PrintedOutput, at: number): string {
  // Not from the middle of a character.
  let from = at;
  while (from > 0 && ((start[from] ?? 0) & 0xc0) === 0x80) from--;
  const text = decodeUtf8(start.subarray(from, from + 4 * shown)).slice(0, shown);
  return `“${visibleText(text)}”`;
}
