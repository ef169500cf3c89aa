import { z } from 'zod';
import { clientNames } from '../core/capture/record.ts';

const origin = z.string().max(100_000).nullable();

/**
 * The draft of a request as it is remembered between runs: without secrets, which are `[redacted]`. `origin` and
 * `bodyOrigin` name the server that a value was entered for, such as `https://api.test`; null for none.
 */
export const keptDraft = z.object({
  method: z.string().max(100),
  url: z.string().max(100_000),
  client: z.enum(clientNames),
  headers: z
    .array(
      z.object({
        name: z.string().max(1000),
        value: z.string().max(100_000),
        enabled: z.boolean(),
        origin,
      }),
    )
    .max(1000),
  body: z.string().max(1024 * 1024),
  bodyOrigin: origin,
  insecure: z.boolean(),
  reconnect: z.boolean(),
  keepSecrets: z.boolean(),
  /** Seconds, as typed; empty for never. */
  idleSeconds: z.string().max(100),
});
export type KeptDraft = z.infer<typeof keptDraft>;

/** A draft of nothing. */
export const emptyKeptDraft: KeptDraft = {
  method: 'GET',
  url: '',
  client: 'raw',
  headers: [],
  body: '',
  bodyOrigin: null,
  insecure: false,
  reconnect: false,
  keepSecrets: false,
  idleSeconds: '',
};
