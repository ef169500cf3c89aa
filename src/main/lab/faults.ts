import { assertNever } from '../../core/assert-never.ts';

/**
 * Ways to break the delivery of a stream on demand, between its generator and the socket. The log keeps saying
 * what the generator yielded, so that what was sent and what should have been can be compared.
 */
export const deliveryFaults = {
  'wrong-content-type': 'The response says text/plain instead of text/event-stream.',
  'http-status': 'The response is a 503 with the stream as its body.',
  'drop-event': 'The second event is logged as yielded and never written.',
  'no-final-blank-line': 'The blank line that ends the last event is missing.',
  'utf8-broken': 'Every byte beyond ASCII is replaced by 0xFF, which is never UTF-8.',
  buffer: 'Everything is held back until the generator has ended, as a buffering proxy does.',
  'one-event-late': 'Each event is held back until the next, as compression without a flush does.',
  'premature-close': 'The socket is closed half-way, without the last HTTP chunk.',
  'ignore-backpressure': 'The socket is written to without waiting until it has drained.',
} as const;
export type DeliveryFault = keyof typeof deliveryFaults;

/** What to do with the bytes that are due. */
export interface Delivery {
  /** Bytes to write now, and whether the socket is to be cut after them. */
  readonly write: readonly Uint8Array[];
  readonly cut: boolean;
}

/** Stands between the generator and the socket. One for each stream. */
export interface DeliveryStep {
  /** Takes event number `n`, formatted. */
  push(bytes: Uint8Array, n: number): Delivery;
  /** The generator has ended: what is still due. */
  end(): Delivery;
}

const nothing: Delivery = { write: [], cut: false };
const now = (...write: Uint8Array[]): Delivery => ({ write, cut: false });

/** The step for a fault; null, or a fault that is not about the bytes, passes everything on at once. */
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
      // After the second event, in the middle of the third, where there is one.
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

/** The bytes without their last line ending, which is the blank line of the block they end. */
function withoutBlankLine(bytes: Uint8Array): Uint8Array {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0a && bytes[last - 1] === 0x0d) return bytes.subarray(0, last - 1);
  return bytes[last] === 0x0a || bytes[last] === 0x0d ? bytes.subarray(0, last) : bytes;
}
