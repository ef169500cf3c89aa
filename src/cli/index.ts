import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printError, printMessage, printWarnings } from '../main/process/print-error.ts';
import { CommandFailure, ExitStatus } from './command-failure.ts';
import type { Program } from './command.ts';
import { commandName, loadCommand } from './commands.ts';
import { Output, OutputClosed } from './output.ts';

const NAME = 'sse-inspector';

async function main(args: readonly string[], program: Program): Promise<ExitStatus> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-V') {
    await program.output.write(`${program.version}\n`);
    return ExitStatus.done;
  }
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (first === undefined || first === 'help' || ownArgs.some(isHelp)) {
    const { helpText } = await import('./help.ts');
    const about = first === 'help' ? rest[0] : first;
    const name = about === undefined || isHelp(about) ? undefined : commandName(about);
    const { isTerminal, width } = program.output;
    await program.output.write(await helpText(name, isTerminal ? width : undefined));
    return first === undefined ? ExitStatus.usage : ExitStatus.done;
  }
  return (await loadCommand(commandName(first))).execute(rest, program);
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

function notify(message: string): void {
  printMessage(`${NAME}: ${message}`);
}

/** Runs the program and sets the exit status after all output is written. */
async function start(): Promise<void> {
  const output = new Output(process.stdout);
  // This is out/main/cli.js when built, and src/cli/index.ts otherwise.
  const projectFolder = join(import.meta.dirname, '..', '..');
  const packageFile = join(projectFolder, 'package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  // A closed standard error must not end the program.
  process.stderr.on('error', () => undefined);
  printWarnings();
  process.on('uncaughtException', (error) => {
    printError(error);
    process.exit(70);
  });
  try {
    const status = await main(process.argv.slice(2), { version, projectFolder, output, notify });
    await output.flush();
    process.exitCode = status;
  } catch (error) {
    if (error instanceof OutputClosed || output.closed.aborted) {
      process.exitCode = ExitStatus.done;
    } else if (error instanceof CommandFailure) {
      await output.flush().catch(() => undefined);
      notify(error.message);
      process.exitCode = error.status;
    } else {
      // A bug.
      printError(error);
      process.exitCode = 70;
    }
  }
}

await start();
