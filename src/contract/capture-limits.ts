import { z } from 'zod';

/** When to stop recording: a few bytes from a server can decompress to more than any disk holds. */
export const captureLimits = z.object({
  /** Decoded bytes of a capture. */
  size: z.number().positive(),
  /** Decoded bytes for each byte on the wire, once a quarter of a gigabyte was decoded. */
  ratio: z.number().min(1),
});
export type CaptureLimits = z.infer<typeof captureLimits>;

/**
 * 10 GB are days of any model's stream. gzip compresses similar small events about 100 to 1. A stream that is above 200 to 1
 * after a quarter of a gigabyte has no useful content.
 */
export const defaultCaptureLimits: CaptureLimits = { size: 10e9, ratio: 200 };
