import type { z } from 'zod';

/**
 * A command: what a user interface may ask of its host, declared once. `params` checks what arrives at the
 * host's side of a connection; the result's type holds on both sides. Parameters and results are plain JSON, so that
 * every connection (Electron IPC, HTTP) carries them alike.
 */
export interface Command<Params extends z.ZodType, Result> {
  readonly params: Params;
  /** Never set: carries the result's type. */
  readonly result?: Result;
}

/** What a command gives. */
export type ResultOf<C> = C extends Command<z.ZodType, infer Result> ? Result : never;

/** Declares a command: `command<Result>()(paramsSchema)`. */
export const command =
  <Result>() =>
  <Params extends z.ZodType>(params: Params): Command<Params, Result> => ({ params });
