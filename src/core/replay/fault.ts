import { didYouMean } from '../text/did-you-mean.ts';
import { isWord, wordsOf } from '../vocabulary.ts';

/** The number that a fault takes, as in `stall:5`. */
interface Amount {
  /** What it is called in a command line, such as `SECONDS`. */
  readonly name: string;
  readonly fallback: number;
  readonly max: number;
}

interface FaultDescription {
  /** One sentence. */
  readonly description: string;
  /** Null for a fault without a number. */
  readonly amount: Amount | null;
}

/**
 * What can go wrong with a replay on request. `stall`, `premature-close`, `reset` and `duplicate-after-reconnect` happen once in
 * an answer from the beginning. A request that resumes with Last-Event-ID is spared, so that a client can recover.
 */
export const replayFaults = {
  'wrong-content-type': {
    description: 'The response says text/plain.',
    amount: null,
  },
  'http-status': { description: 'The response is a 503 with the stream as its body.', amount: null },
  'no-final-blank-line': {
    description: 'The blank line that ends the last event is missing.',
    amount: null,
  },
  stall: {
    description: 'In the middle of the body nothing is sent for so many seconds.',
    amount: { name: 'SECONDS', fallback: 5, max: 3600 },
  },
  'slow-close': {
    description: 'After the last byte the response stays open for so many seconds.',
    amount: { name: 'SECONDS', fallback: 5, max: 3600 },
  },
  bandwidth: {
    description: 'No more than so many bytes are sent in a second.',
    amount: { name: 'BYTES', fallback: 1000, max: 1_000_000_000 },
  },
  'premature-close': {
    description: 'The connection is closed in the middle of the body, without the last HTTP chunk.',
    amount: null,
  },
  reset: { description: 'The connection is reset in the middle of the body (TCP RST).', amount: null },
  'duplicate-after-reconnect': {
    description:
      'The connection is closed after an event in the middle; who resumes there is sent that event again.',
    amount: null,
  },
} as const satisfies Readonly<Record<string, FaultDescription>>;
export type ReplayFaultName = keyof typeof replayFaults;
export const replayFaultNames = wordsOf(replayFaults);

/** Faults that decide how the body ends: at most one of them fits in a replay. */
const endings: readonly ReplayFaultName[] = ['premature-close', 'reset', 'duplicate-after-reconnect'];

/** A fault, with its number; 0 for one that takes none. */
export interface ReplayFault {
  readonly name: ReplayFaultName;
  readonly amount: number;
}

/** A fault as a command line writes it, such as `reset` or `stall:5`; or why the text is invalid, as a sentence without a full stop. */
export function parseFault(text: string): ReplayFault | { readonly problem: string } {
  // Toxiproxy, whose words people know, writes `slow_close`.
  const [word = '', number, ...rest] = text.replaceAll('_', '-').split(':');
  if (!isWord(replayFaultNames, word)) {
    const known = replayFaultNames.map(faultUsage).join(', ');
    return {
      problem: `there is no fault "${word}"${didYouMean(word, replayFaultNames)}; faults are ${known}`,
    };
  }
  const { amount } = replayFaults[word];
  if (amount === null) {
    return number === undefined
      ? { name: word, amount: 0 }
      : { problem: `the fault ${word} takes no number` };
  }
  if (number === undefined) return { name: word, amount: amount.fallback };
  const value = Number(number);
  if (rest.length === 0 && /^\d+(\.\d+)?$/.test(number) && value > 0 && value <= amount.max) {
    return { name: word, amount: value };
  }
  return { problem: `the fault ${word} takes a number of ${amount.name.toLowerCase()} up to ${amount.max}` };
}

/** How a fault is written: `stall[:SECONDS]`. */
export function faultUsage(name: ReplayFaultName): string {
  const { amount } = replayFaults[name];
  return amount === null ? name : `${name}[:${amount.name}]`;
}

/** The number of a fault in a list; null if it is not in it. */
export function faultAmount(faults: readonly ReplayFault[], name: ReplayFaultName): number | null {
  return faults.find((fault) => fault.name === name)?.amount ?? null;
}

/** Why faults cannot be combined, as a sentence without a full stop; null if they can. */
export function faultConflict(faults: readonly ReplayFault[]): string | null {
  const names = faults.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `the fault ${twice} is given twice`;
  const [first, second] = names.filter((name) => endings.includes(name));
  return second === undefined ? null : `the faults ${first} and ${second} cannot be combined`;
}
