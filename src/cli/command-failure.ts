import { Refusal } from '../contract/refusal.ts';

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

/** A file, standard input or URL that gives nothing to work on. */
export function unreadable(message: string): CommandFailure {
  return new CommandFailure(ExitStatus.unreadable, message);
}

/** A refusal as a command's failure: what was asked made no sense (usage), or could not be done. Anything else is a bug. */
export function refusalFailure(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { code, message } = error;
  const isUsage =
    code === 'bad-params' || code === 'bad-url' || code === 'bad-header' || code === 'bad-request';
  return new CommandFailure(isUsage ? ExitStatus.usage : ExitStatus.unreadable, message, { cause: error });
}

/** An error of the file system as a command's failure. Anything else is a bug. */
export function fileFailure(action: 'read' | 'write', path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const message = `cannot ${action} ${displayPath(path)}: ${reasonOf(error.code, error)}`;
  return new CommandFailure(ExitStatus.unreadable, message, { cause: error });
}

/** What an error of the file system means, in words. */
function reasonOf(code: unknown, error: Error): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'EFBIG':
      return 'the file would be larger than is allowed';
    default:
      return error.message;
  }
}

/** A path as it is named in a message. */
export function displayPath(path: string): string {
  return path === '-' ? 'standard input' : path;
}
