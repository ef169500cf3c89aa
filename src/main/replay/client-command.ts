import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Refusal } from '../../contract/refusal.ts';
import type { ClientRun } from '../../core/replay/survival.ts';

/** Bytes of the output that are kept to show where it differs. */
const keptOutput = 1024 * 1024;
/** Characters of standard error that are kept: its end. */
const keptErrors = 2000;
/** Characters of the line of it that is shown. */
const mostOfLine = 200;
/** ms between asking a command to end and ending it, and for its output to end after it. */
const grace = 1000;

/**
 * Runs a client until it ends, with `{url}` in its arguments replaced by an address.
 *
 * @param limit ms after which it counts as hung and is ended, with every process that it started
 * @throws Refusal `bad-params` for a command that cannot be started; what `signal` aborts with
 */
export async function runClient(
  command: readonly string[],
  url: string,
  limit: number,
  signal: AbortSignal,
): Promise<ClientRun> {
  signal.throwIfAborted();
  const [program = '', ...args] = command.map((argument) => argument.replaceAll('{url}', url));
  const began = performance.now();
  // A group of its own, so that what it starts can be ended with it.
  const isGroup = process.platform !== 'win32';
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup });
  const output = new KeptOutput();
  let errors = '';
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-keptErrors);
  });
  let isHung = false;
  const end = (): void => {
    kill(child, isGroup, 'SIGTERM');
    setTimeout(() => kill(child, isGroup, 'SIGKILL'), grace).unref();
  };
  const timer = setTimeout(() => {
    isHung = true;
    end();
  }, limit);
  signal.addEventListener('abort', end, { once: true });
  try {
    const ended = await ending(child, program);
    // What it started may go on, and keep its output open.
    if (isGroup) kill(child, true, 'SIGKILL');
    signal.throwIfAborted();
    const ms = performance.now() - began;
    return { ...ended, isHung, output: output.printed(), error: errorLine(errors), ms };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** Resolves when the command has ended and its output has been read, or its output stays open for too long. */
function ending(child: ChildProcess, program: string): Promise<Pick<ClientRun, 'status' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const isMissing = 'code' in cause && cause.code === 'ENOENT';
      const reason = isMissing ? 'there is no such program' : cause.message;
      reject(new Refusal('bad-params', `Cannot run ${program}: ${reason}`, { cause }));
    });
    child.once('exit', (status, signal) => {
      const late = setTimeout(() => resolve({ status, signal }), grace);
      child.once('close', () => {
        clearTimeout(late);
        resolve({ status, signal });
      });
    });
  });
}

function kill({ pid }: ChildProcess, isGroup: boolean, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, signal);
  } catch {
    // It has ended.
  }
}

/** What a command prints: its beginning, and a digest of all of it. */
class KeptOutput {
  readonly #hash = createHash('sha256');
  readonly #start: Buffer[] = [];
  #kept = 0;
  #length = 0;

  push(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#length += bytes.length;
    const part = bytes.subarray(0, keptOutput - this.#kept);
    if (part.length === 0) return;
    this.#start.push(part);
    this.#kept += part.length;
  }

  /** Ends it. */
  printed(): ClientRun['output'] {
    return { start: Buffer.concat(this.#start), length: this.#length, digest: this.#hash.digest('hex') };
  }
}

/** The line that says most: the last that names an error, or the last of all. Never one of a stack. */
function errorLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^(\s+at |Node\.js v)/.test(line));
  return (lines.findLast((line) => /error|exception/i.test(line)) ?? lines.at(-1) ?? '')
    .trim()
    .slice(0, mostOfLine);
}
