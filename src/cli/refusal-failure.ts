import { Refusal } from '../contract/refusal.ts';
import { CommandFailure, ExitStatus } from './exit-status.ts';

/** A refusal as a command's failure: what was asked made no sense (usage), or could not be done. Anything else is a bug. */
export function refusalFailure(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { code, message } = error;
  const isUsage =
    code === 'bad-params' || code === 'bad-url' || code === 'bad-header' || code === 'bad-request';
  return new CommandFailure(isUsage ? ExitStatus.usage : ExitStatus.unreadable, message, { cause: error });
}
