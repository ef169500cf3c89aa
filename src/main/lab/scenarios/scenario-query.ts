import { z } from 'zod';
import type { LineEnding } from '../lab-event.ts';
import { type DeliveryFault, deliveryFaults } from '../faults.ts';
import { oneOf, wholeNumber } from '../route-query.ts';

/** Query members that every scenario takes: pace, line ending, heartbeat, and any fault of delivery. */
export function scenarioQuery(defaults: { count: number; delay: number }) {
  return {
    /** Events to send. */
    count: wholeNumber({ min: 0, max: 1_000_000, default: defaults.count }),
    /** ms between two of them. */
    delay: wholeNumber({ min: 0, max: 600_000, default: defaults.delay }),
    eol: z.enum(['lf', 'cr', 'crlf'], 'must be one of: lf, cr, crlf').default('lf'),
    /** ms of silence after which a comment is sent. */
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

/** The part of a plan that those members decide. */
export function deliveredAs(query: Delivered) {
  return {
    lineEnding: query.eol,
    heartbeat: query.heartbeat ?? null,
    fault: query.break,
    cors: true,
  } as const;
}
