import { z } from 'zod';

const url = z.string().trim().min(1).max(100_000);
const headers = z.record(z.string().max(1000), z.string().max(100_000));
/** Text as it is sent, or a JSON value that is sent as its text. */
const body = z.union([z.string().max(4 * 1024 * 1024), z.json()]);

const targetRequest = z.strictObject({
  url,
  method: z.string().max(100).optional(),
  headers: headers.optional(),
  body: body.optional(),
});

/** A URL is a GET of it. Null: the server has no such rung yet. */
const rung = z.union([url, targetRequest, z.null()]).optional();

/**
 * The user's own server to climb: the request of each rung. A rung with a request of its own is checked for what its
 * step says (five `hello world` events, `{"step":1}`…); one that shares the request of all, for what any stream can do.
 * The format of the file that `ladder --target FILE` reads; see `docs/ladder-target.md`.
 */
export const ladderTarget = z.strictObject({
  /** What relative URLs are relative to. */
  base: url.optional(),
  /** The request of every rung that has none of its own. */
  url: url.optional(),
  method: z.string().max(100).optional(),
  body: body.optional(),
  /** Sent with the requests of all rungs, which may replace them. */
  headers: headers.optional(),
  rungs: z
    .strictObject({ '1': rung, '2': rung, '3': rung, '4': rung, '5': rung, '6': rung, '7': rung })
    .optional(),
});
export type LadderTarget = z.infer<typeof ladderTarget>;
