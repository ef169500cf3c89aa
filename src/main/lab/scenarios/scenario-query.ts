import { z } from 'zod';
import type { LineEnding } from '../lab-event.ts';
import { type DeliveryFault, deliveryFaults } from '../faults.ts';
import { oneOf, wholeNumber } from '../route-query.ts';

/** Query parameters of all scenarios: count, pace, line ending, heartbeat and delivery fault. */
export function scenarioQuery(defaults: { count: number; delay: number }) {
  return {
    /** Number of events. */
    count: wholeNumber({ min: 0, max: 1_000_000, default: defaults.count }),
    /** ms between two events. */
    delay: wholeNumber({ min: 0, max: 600_000, default: defaults.delay }),
    eol: z.enum(['lf', 'cr', 'crlf'], 'must be one of: lf, cr, crlf').default('lf'),
    /** Sends a comment after this many ms of silence. */
    heartbeat: z
      .string()
      .regex(/^\d{2,6}$/, 'must be ms, from 10 to 999999')
      .transform(Number)
      .optional(),
    break: oneOf(deliveryFaults),
  };
}

interface Delivered {
  readonly eol: LineEnding;
  readonly heartbeat?: number | undefined;
  readonly break: DeliveryFault | null;
}

/** The part of a stream plan that these parameters set. */
export function deliveredAs(query: Delivered) {
  return {
    lineEnding: query.eol,
    heartbeat: query.heartbeat ?? null,
    fault: query.break,
    cors: true,
  } as const;
}
