import { z } from 'zod';
import { clientNames } from '../core/capture/record.ts';
import { captureId } from './capture-id.ts';
import { captureLimits } from './capture-limits.ts';

const header = z.tuple([z.string().max(1000), z.string().max(100_000)]);

/** What to open, and how. */
export const connectParams = z.object({
  url: z.string().max(100_000),
  /** Any token; the default is GET, or POST with a body. */
  method: z.string().max(100).optional(),
  headers: z.array(header).max(1000).optional(),
  body: z
    .string()
    .max(64 * 1024 * 1024)
    .optional(),
  /** `browser` is refused with `not-available` if the host has no browser. */
  client: z.enum(clientNames),
  /** Accept any certificate, for this connection only. */
  insecure: z.boolean().optional(),
  /** Reconnect as the standard says (§9.2.3). */
  reconnect: z.boolean().optional(),
  /** Store Authorization, Cookie and the like as sent instead of redacted. */
  keepSecrets: z.boolean().optional(),
  /** End the connection after so many ms of no bytes; absent for never. */
  idleTimeout: z.number().positive().optional(),
  /**
   * The capture whose request has the secrets that are `[redacted]` here. Refused with `secrets-missing` where the host does
   * not hold them, or where they would go to another origin than the one that they were sent to.
   */
  secretsOf: captureId.optional(),
  /** When to stop recording; the preferences are the default. */
  limits: captureLimits.partial().optional(),
});
export type ConnectParams = z.infer<typeof connectParams>;
