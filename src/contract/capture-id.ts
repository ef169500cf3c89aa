import { z } from 'zod';

/**
 * Names one capture of this host. Also a file name's stem, so it is checked before it gets near a path.
 */
export const captureId = z
  .string()
  .regex(/^[0-9a-z][0-9a-z-]{3,63}$/)
  .brand<'CaptureId'>();
export type CaptureId = z.infer<typeof captureId>;
