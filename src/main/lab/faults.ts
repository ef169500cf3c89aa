import type { LadderBreak } from '../../contract/ladder.ts';
import { assertNever } from '../../core/assert-never.ts';

/**
 * Ways to break the delivery of a stream on demand, between its generator and the socket: `ladderBreaks` describes them.
 * The log keeps what the generator yielded, so that it can be compared with what was sent.
 */
export const deliveryFaults = [
  'wrong-content-type',
  'http-status',
  'drop-event',
  'no-final-blank-line',
  'utf8-broken',
  'buffer',
  'one-event-late',
  'premature-close',
  'ignore-backpressure',
] as const satisfies readonly LadderBreak[];
export type DeliveryFault = (typeof deliveryFaults)[number];

export interface Delivery {
  /** Bytes to write now. */
  readonly write: readonly Uint8Array[];
  /** Destroys the socket after these bytes. */
  readonly cut: boolean;
}

/** A step between the generator and the socket of one stream. */
export interface DeliveryStep {
  /** Takes the bytes of event number `n`. */
  push(bytes: Uint8Array, n: number): Delivery;
  /** Returns the remaining bytes when the generator has ended. */
  end(): Delivery;
}

const nothing: Delivery = { write: [], cut: false };
const now = (...write: Uint8Array[]): Delivery => ({ write, cut: false });

/** Makes the step for a fault. Without a fault, and for faults that do not change the bytes, it passes everything on. */
export function deliveryStep(fault: DeliveryFault | null): DeliveryStep {
  switch (fault) {
    case null:
    case 'wrong-content-type':
    case 'http-status':
    case 'ignore-backpressure':
      return { push: (bytes) => now(bytes), end: () => nothing };
    case 'drop-event':
      return { push: (bytes, n) => (n === 1 ? nothing : now(bytes)), end: () => nothing };
    case 'utf8-broken':
      return { push: (bytes) => now(bytes.map((byte) => (byte < 0x80 ? byte : 0xff))), end: () => nothing };
    case 'premature-close':
      // In the middle of the third event, or after the last if there are fewer.
      return {
        push: (bytes, n) =>
          n < 2 ? now(bytes) : { write: [bytes.subarray(0, bytes.length >> 1)], cut: true },
        end: () => ({ write: [], cut: true }),
      };
    case 'buffer': {
      const held: Uint8Array[] = [];
      return {
        push(bytes) {
          held.push(bytes);
          return nothing;
        },
        end: () => now(Buffer.concat(held)),
      };
    }
    case 'one-event-late':
    case 'no-final-blank-line': {
      let held: Uint8Array | null = null;
      return {
        push(bytes) {
          const due = held;
          held = bytes;
          return due === null ? nothing : now(due);
        },
        end() {
          if (held === null) return nothing;
          return now(fault === 'one-event-late' ? held : withoutBlankLine(held));
        },
      };
    }
    default:
      return assertNever(fault);
  }
}

/** Removes the last line ending, which is the blank line at the end of a block. */
function withoutBlankLine(bytes: Uint8Array): Uint8Array {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0a && bytes[last - 1] === 0x0d) return bytes.subarray(0, last - 1);
  return bytes[last] === 0x0a || bytes[last] === 0x0d ? bytes.subarray(0, last) : bytes;
}
