import { Refusal } from '../contract/refusal.ts';

/** Exit statuses of every command. */
export const ExitStatus = {
  done: 0,
  /** The stream failed the check. */
  failed: 1,
  /** Wrong arguments or options. */
  usage: 2,
  /** Could not connect, read or write. */
  unreadable: 3,
} as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** Ends a command with this status and a message of one sentence. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.status = status;
  }
}

/** Wrong arguments or options. */
export function usageFailure(message: string): CommandFailure {
  return new CommandFailure(ExitStatus.usage, message);
}

/** An input that cannot be used. */
export function unreadable(message: string): CommandFailure {
  return new CommandFailure(ExitStatus.unreadable, message);
}

/** Turns a refusal of the host into a failure of the command. Any other error is a bug and is returned unchanged. */
export function refusalFailure(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { code, message } = error;
  const isUsage =
    code === 'bad-params' || code === 'bad-url' || code === 'bad-header' || code === 'bad-request';
  return new CommandFailure(isUsage ? ExitStatus.usage : ExitStatus.unreadable, message, { cause: error });
}

/** Turns a file system error into a failure of the command. Any other error is a bug and is returned unchanged. */
export function fileFailure(action: 'read' | 'write', path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const message = `Cannot ${action} ${displayPath(path)}: ${reasonOf(error.code, error)}`;
  return new CommandFailure(ExitStatus.unreadable, message, { cause: error });
}

/** Explains a file system error. */
function reasonOf(code: unknown, error: Error): string {
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'is a folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
      return 'part of the path is not a folder';
    case 'EFBIG':
      return 'the file would be too large';
    default:
      return error.message;
  }
}

/** A path for messages. */
export function displayPath(path: string): string {
  return path === '-' ? 'standard input' : path;
}
