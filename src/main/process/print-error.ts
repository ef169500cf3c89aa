import { inspect } from 'node:util';
import { visibleLine, visibleLines } from '../../core/text/visible-text.ts';

/*
 * Everything that the program writes to standard error goes through here. Messages and stacks hold what a server sent or
 * what a file is called, and a terminal would act on the control characters in them.
 */

/** Writes a message for the user as one line. */
export function printMessage(message: string): void {
  process.stderr.write(`${visibleLine(message)}\n`);
}

/** Writes an error that is a bug, with its stack and its causes. */
export function printError(error: unknown): void {
  process.stderr.write(`${visibleLines(inspect(error))}\n`);
}

/** Prints Node's own warnings as well, which can hold a URL from a response; those that are switched off stay so. */
export function printWarnings(): void {
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => printMessage(`${name}: ${message}`));
}
