import type { ExitStatus } from './command-failure.ts';
import type { Output } from './output.ts';

/** What a command has to do with: where it writes, and what it is part of. */
export interface Program {
  readonly version: string;
  /** The application's own folder: `out/` holds what was built. */
  readonly projectFolder: string;
  /** Standard output: the command's result and nothing else. */
  readonly output: Output;
  /** Tells the user something beside the result: one line on standard error. */
  readonly tell: (message: string) => void;
}

/** A command: does what its arguments say, and tells how it went. Throws a `CommandFailure`. */
export type RunCommand = (args: readonly string[], program: Program) => Promise<ExitStatus>;
