import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

/** ms for the browser to end by itself, which removes its temporary files too. */
const endingTime = 2000;

/** Limit for the browser's answer, which has about 70 bytes. */
const mostAnswerBytes = 64 * 1024;

const answerSchema = z.object({ id: z.literal(1), error: z.object({ message: z.string() }).optional() });

/**
 * A headless browser with one page. The page's address is a secret, and every user of the machine can read the
 * arguments of a process, so it is sent through a pipe between the two processes (`--remote-debugging-pipe`). Chromium
 * ends when that pipe is closed, so it also ends when this process is killed.
 */
export class ChromiumProcess {
  /** Rejects when the browser cannot be started, cannot open the page, or ends by itself. */
  readonly failure: Promise<never>;
  readonly #program: string;
  readonly #process: ChildProcess;
  /** Resolves when the process has ended. */
  readonly #gone: Promise<void>;

  /** @param profile an empty folder for the browser's own files */
  constructor(program: string, profile: string, url: string) {
    const asRoot = process.getuid?.() === 0;
    const flags = [
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-breakpad',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-extensions',
      '--disable-gpu',
      '--disable-sync',
      '--metrics-recording-only',
      '--no-proxy-server',
      // Chromium refuses to run as root with its sandbox. The page is our own, and renders nothing of what it reads.
      ...(asRoot ? ['--no-sandbox'] : []),
    ];
    this.#program = program;
    this.#process = spawn(program, flags, {
      // Its own process group, so that all its processes can be killed.
      detached: process.platform !== 'win32',
      // Chromium reads commands from file descriptor 3 and writes answers to 4.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    let said = '';
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    this.failure = new Promise((_, reject) => {
      this.#process.once('error', (error) =>
        reject(new Error(`${program} could not be started: ${error.message}`)),
      );
      this.#process.once('exit', (code) => {
        const last = said.trim().split('\n').at(-1) ?? '';
        reject(new Error(`${program} ended with status ${code ?? 'none'} before it reported: ${last}`));
      });
      this.#openPage(url, reject);
    });
    this.failure.catch(() => {});
    this.#gone = new Promise((resolve) => {
      this.#process.once('close', () => resolve());
      this.#process.once('error', () => resolve());
    });
  }

  /** Ends the browser and all its processes. */
  async end(): Promise<void> {
    this.#commands?.end();
    const timer = setTimeout(() => this.#kill(), endingTime);
    await this.#gone;
    clearTimeout(timer);
  }

  get #commands(): Writable | null {
    return (this.#process.stdio[3] as Writable | null | undefined) ?? null;
  }

  /** DevTools protocol over a pipe: JSON texts, each followed by a zero byte. */
  #openPage(url: string, fail: (error: Error) => void): void {
    const answers = (this.#process.stdio[4] as Readable | null | undefined) ?? null;
    // When the browser ends, the pipes are closed; the events of the process say why.
    answers?.on('error', () => {});
    this.#commands?.on('error', () => {});
    let received = '';
    answers?.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      const end = received.indexOf('\0');
      if (end < 0 && received.length < mostAnswerBytes) return;
      // Later output is read, so that the browser does not block, and dropped.
      answers.removeAllListeners('data').resume();
      const problem = problemOf(received.slice(0, Math.max(end, 0)));
      if (problem !== null) fail(new Error(`${this.#program} could not open a page: ${problem}`));
    });
    const command = { id: 1, method: 'Target.createTarget', params: { url } };
    this.#commands?.write(`${JSON.stringify(command)}\0`);
  }

  #kill(): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
}

function problemOf(answer: string): string | null {
  try {
    return answerSchema.parse(JSON.parse(answer)).error?.message ?? null;
  } catch {
    return 'its answer is invalid';
  }
}
