import { z } from 'zod';

const url = z.string().trim().min(1).max(100_000);
const headers = z.record(z.string().max(1000), z.string().max(100_000));
/** Text, or a JSON value that is sent as text. */
const body = z.union([z.string().max(4 * 1024 * 1024), z.json()]);

const targetRequest = z.strictObject({
  url,
  method: z.string().max(100).optional(),
  headers: headers.optional(),
  body: body.optional(),
});

/** A URL stands for a GET request. Null: the server does not have this rung yet. */
const rung = z.union([url, targetRequest, z.null()]).optional();

/**
 * The requests of the rungs on the user's own server. A rung with its own request is checked for the events of its step
 * (five `hello world` events, `{"step":1}`…). A rung with the shared request is checked for what applies to any stream.
 * This is the file that `ladder --target FILE` reads; see `docs/ladder-target.md`.
 */
export const ladderTarget = z.strictObject({
  /** Base of relative URLs. */
  base: url.optional(),
  /** The request of every rung without its own request. */
  url: url.optional(),
  method: z.string().max(100).optional(),
  body: body.optional(),
  /** Header fields of all requests. A rung's own fields replace them. */
  headers: headers.optional(),
  rungs: z
    .strictObject({ '1': rung, '2': rung, '3': rung, '4': rung, '5': rung, '6': rung, '7': rung })
    .optional(),
});
export type LadderTarget = z.infer<typeof ladderTarget>;
