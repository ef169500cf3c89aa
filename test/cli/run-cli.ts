import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const entry = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');

/** The result of a finished run. */
export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as NDJSON. */
  readonly records: readonly Record<string, unknown>[];
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeFlags?: readonly string[];
}

/** A command line that is running. */
export interface RunningCli {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CliResult>;
  /** Resolves when standard output or standard error matches. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the command line from source in a new process. */
export function startCli(args: readonly string[], options: RunOptions = {}): RunningCli {
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), entry, ...args], {
    cwd: options.cwd ?? scratch(),
    env: { ...process.env, NO_PROXY: '*', ...options.env },
  });
  let stdout = '';
  let stderr = '';
  let wake: (() => void) | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake?.();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wake?.();
  });
  // A command that does not read its input can exit before the write.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const ended = once(child, 'close').then(([status]: (number | null)[]): CliResult => {
    wake?.();
    return {
      status: status ?? null,
      stdout,
      stderr,
      get records() {
        return stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      },
    };
  });
  const waitFor = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(stdout) ?? pattern.exec(stderr);
      if (found !== null) return found;
      if (child.exitCode !== null) throw new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { process: child, ended, waitFor };
}

/** Runs the command line until it exits. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}

const folder = mkdtempSync(join(tmpdir(), 'sse-inspector-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A temporary folder for this test file. */
export function scratch(): string {
  return folder;
}
