// @ts-check

/** Set-up cannot continue. The message says what to do. It is shown without a stack trace. */
export class SetupProblem extends Error {
  /** @param {string} message @param {{ details?: string, cause?: unknown }} [options] */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = 'SetupProblem';
    /** Output of the failed program, shown above the message. */
    this.details = options.details ?? '';
  }
}

/**
 * Runs a command of the project and exits with its status. A `SetupProblem` is shown as its message. Any other error
 * is a bug of the scripts.
 * @param {() => Promise<number>} command
 */
export async function runAsCommand(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof SetupProblem) {
      if (error.details !== '') console.error(`${error.details.trimEnd()}\n`);
      console.error(`sse-inspector: ${error.message}`);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    console.error(`sse-inspector: the set-up script failed unexpectedly: ${message}`);
    if (process.env['SSE_INSPECTOR_DEBUG'] !== undefined) console.error(error);
    else console.error('Set SSE_INSPECTOR_DEBUG=1 to see where.');
  }
}
