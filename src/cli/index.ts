import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printError, printMessage, printWarnings } from '../main/process/print-error.ts';
import { CommandFailure, ExitStatus } from './command-failure.ts';
import { Output, OutputClosed } from './output.ts';
import type { Program, RunCommand } from './program.ts';

/** Every command is loaded when it is called for: the program starts without any of them. */
const commands: Readonly<Record<string, () => Promise<RunCommand>>> = {
  capture: async () => (await import('./capture-command.ts')).capture,
  inspect: async () => (await import('./inspect-command.ts')).inspect,
  export: async () => (await import('./export-command.ts')).exportFile,
  check: async () => (await import('./check-command.ts')).check,
  compare: async () => (await import('./compare-command.ts')).compare,
  ladder: async () => (await import('./ladder-command.ts')).ladder,
  lab: async () => (await import('./lab-command.ts')).lab,
  serve: async () => (await import('./serve-command.ts')).serve,
};

const NAME = 'sse-inspector';

async function main(args: readonly string[], program: Program): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    await program.output.write(`${program.version}\n`);
    return ExitStatus.done;
  }
  const ownArgs = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  const wantsHelp = ownArgs.includes('--help') || ownArgs.includes('-h');
  if (name === undefined || name === '--help' || name === '-h' || name === 'help' || wantsHelp) {
    const { helpText } = await import('./help.ts');
    await program.output.write(helpText(name === 'help' ? rest[0] : name));
    return name === undefined ? ExitStatus.usage : ExitStatus.done;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands).join(', ');
    throw new CommandFailure(ExitStatus.usage, `there is no command "${name}"; there are ${known}`);
  }
  const run = await load();
  return run(rest, program);
}

function tell(message: string): void {
  printMessage(`${NAME}: ${message}`);
}

/** Ends the process with the right status, having written everything. */
async function start(): Promise<void> {
  const output = new Output(process.stdout);
  // This is out/main/cli.js when built, and src/cli/index.ts otherwise.
  const projectFolder = join(import.meta.dirname, '..', '..');
  const packageFile = join(projectFolder, 'package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  // Nobody to tell.
  process.stderr.on('error', () => undefined);
  printWarnings();
  process.on('uncaughtException', (error) => {
    printError(error);
    process.exit(70);
  });
  try {
    const status = await main(process.argv.slice(2), { version, projectFolder, output, tell });
    await output.flush();
    process.exitCode = status;
  } catch (error) {
    if (error instanceof OutputClosed || output.closed.aborted) {
      process.exitCode = ExitStatus.done;
    } else if (error instanceof CommandFailure) {
      await output.flush().catch(() => undefined);
      tell(error.message);
      process.exitCode = error.status;
    } else {
      // A bug, and nothing that the user did.
      printError(error);
      process.exitCode = 70;
    }
  }
}

await start();
