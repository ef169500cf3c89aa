import { inspect } from 'node:util';
import { visibleLine, visibleLines } from '../../core/text/visible-text.ts';

/*
 * The only place that writes to standard error. Messages and stacks may contain text from servers or file names, and a
 * terminal would interpret the control characters in them.
 */

/** Writes a message for the user as one line. */
export function printMessage(message: string): void {
  process.stderr.write(`${visibleLine(message)}\n`);
}

/** Writes an unexpected error, with its stack and its causes. */
export function printError(error: unknown): void {
  process.stderr.write(`${visibleLines(inspect(error))}\n`);
}

/** Prints Node's own warnings safely, as they can contain a URL from a response. Disabled warnings stay disabled. */
export function printWarnings(): void {
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => printMessage(`${name}: ${message}`));
}
