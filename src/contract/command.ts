import type { z } from 'zod';

/**
 * A command that a user interface may send to its host, declared once. `params` checks what arrives at the host; the result's
 * type is used on both sides. Parameters and results are plain JSON, for every kind of connection (Electron IPC, HTTP).
 */
export interface Command<Params extends z.ZodType, Result> {
  readonly params: Params;
  /** Never set: carries the result's type. */
  readonly result?: Result;
}

/** The result of a command. */
export type ResultOf<C> = C extends Command<z.ZodType, infer Result> ? Result : never;

/** Declares a command: `command<Result>()(paramsSchema)`. */
export const command =
  <Result>() =>
  <Params extends z.ZodType>(params: Params): Command<Params, Result> => ({ params });
