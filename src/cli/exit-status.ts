/** Exit statuses of every command. */
export const ExitStatus = {
  done: 0,
  /** The stream failed what was asked. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** Could not connect, read or write. */
  unreadable: 3,
} as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Ends a command with a status and one sentence for the user. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.status = status;
  }
}

/** A command line that makes no sense. */
export function usageFailure(message: string): CommandFailure {
  return new CommandFailure(ExitStatus.usage, message);
}
