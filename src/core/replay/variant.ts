import type { Split } from '../capture/split-records.ts';
import { type ReplayFault, faultConflict } from './fault.ts';

/**
 * How the body of a replay is cut into pieces.
 * - `recorded`: as the chunks of the capture.
 * - `fixed`, `random`: pieces of one size, or of sizes that a seed decides.
 * - `inside-utf8`, `inside-crlf`: as recorded, and cut too between the bytes of each character beyond ASCII, or of each CRLF.
 * - `glued`: as few pieces as possible, each sent when the last of its bytes is due.
 */
export type ReplaySplit = Split | { readonly kind: 'recorded' | 'inside-utf8' | 'inside-crlf' | 'glued' };

/** How many times faster than recorded, such as 2 or 0.5; `instant` does not wait at all. */
export type ReplaySpeed = number | 'instant';

/** What is done to a capture when it is served again. */
export interface ReplayVariant {
  readonly split: ReplaySplit;
  readonly speed: ReplaySpeed;
  /** The body ends at this byte, in good order unless a fault says otherwise; null for all of it. */
  readonly cut: number | null;
  readonly faults: readonly ReplayFault[];
}

/** The capture as it was recorded. */
export const recordedVariant: ReplayVariant = {
  split: { kind: 'recorded' },
  speed: 1,
  cut: null,
  faults: [],
};

/** Why a variant cannot be served, as a sentence without a full stop; null if it can. */
export function variantProblem({ split, speed, cut, faults }: ReplayVariant): string | null {
  if (speed !== 'instant' && !(speed >= slowest && speed <= fastest)) {
    return `the speed is a number from ${slowest} to ${fastest}, or instant`;
  }
  if (split.kind === 'fixed' && !(Number.isInteger(split.size) && split.size > 0 && split.size <= largest)) {
    return `a piece has from 1 to ${largest} bytes`;
  }
  if (cut !== null && !(Number.isSafeInteger(cut) && cut >= 0))
    return 'the cut is a byte of the body, from 0';
  return faultConflict(faults);
}

/** `recorded`, `N`, `random:SEED`, `inside-utf8`, `inside-crlf` or `glued`; null for anything else. */
export function parseReplaySplit(text: string): ReplaySplit | null {
  switch (text) {
    case 'recorded':
    case 'inside-utf8':
    case 'inside-crlf':
    case 'glued':
      return { kind: text };
    default: {
      const seed = /^random:(\d{1,10})$/.exec(text)?.[1];
      if (seed !== undefined && Number(seed) < 2 ** 32) return { kind: 'random', seed: Number(seed) };
      const size = Number(text);
      return /^\d+$/.test(text) && size > 0 && size <= largest ? { kind: 'fixed', size } : null;
    }
  }
}

/** `2`, `0.5` or `instant`; null for anything else. */
export function parseReplaySpeed(text: string): ReplaySpeed | null {
  if (text === 'instant') return text;
  const speed = Number(text);
  return /^\d+(\.\d+)?$/.test(text) && speed >= slowest && speed <= fastest ? speed : null;
}

const slowest = 0.001;
const fastest = 1000;
/** Bytes of the largest piece. */
const largest = 2 ** 26;
