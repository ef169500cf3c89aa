import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { BrowserProbe, ProbeReport, ProbeTask, ProbeWatch } from './browser-probe.ts';
import { openProbePage, type ProbePage } from './probe-server.ts';

/** Names under which browsers with Chromium's engine are installed. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'brave-browser',
];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** ms that a browser gets to start and report, beyond the task's own patience. */
const startTime = 30_000;

/**
 * A Chromium on this machine: the one that `CHROME_PATH` names, else the first on the PATH or in its usual place.
 * Null where there is none.
 */
export function findChromium(environment: { readonly [name: string]: string | undefined }): string | null {
  const named = environment['CHROME_PATH'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const candidates = [
    ...(named === undefined || named === '' ? [] : [named]),
    ...names.flatMap((name) => folders.map((folder) => join(folder, name + suffix))),
    ...applications,
  ];
  return candidates.find(isProgram) ?? null;
}

/** A probe by a Chromium of this machine, or why there is none. */
export function localProbe(environment: {
  readonly [name: string]: string | undefined;
}): BrowserProbe | { readonly missing: string } {
  const program = findChromium(environment);
  if (program !== null) return new ChromiumProbe(program);
  return { missing: 'no Chromium was found on this machine: install one, or name it in CHROME_PATH' };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The probe for a machine without the application: a headless Chromium of its own, with a profile that is thrown away. */
export class ChromiumProbe implements BrowserProbe {
  readonly name: string;
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
    this.name = `headless ${program}`;
  }

  async probe(
    task: ProbeTask,
    allowOrigin: (origin: string) => void,
    signal: AbortSignal,
    watch?: ProbeWatch,
  ): Promise<ProbeReport> {
    signal.throwIfAborted();
    const page = await openProbePage(task, watch);
    allowOrigin(page.origin);
    const profile = await mkdtemp(join(tmpdir(), 'sse-inspector-probe-'));
    const browser = new Browser(this.#program, profile, page.url);
    try {
      return await Promise.race([
        page.report,
        browser.failure,
        lateness(page, task.patience, browser, signal),
      ]);
    } finally {
      await browser.kill();
      await page.close();
      // A process of the browser may still be writing while it dies.
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    }
  }
}

/**
 * Rejects when time is up, or the signal aborts; leaves no timer behind once the browser has gone. Without a patience
 * only the start has its time.
 */
function lateness(
  page: ProbePage,
  patience: number | null,
  browser: Browser,
  signal: AbortSignal,
): Promise<never> {
  const time = (patience ?? 0) + startTime;
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`the browser did not report within ${time} ms`)), time);
    if (patience === null) void page.started.then(() => clearTimeout(timer));
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void browser.gone.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
  });
  late.catch(() => {});
  return late;
}

/** A browser process with its children, in a process group of their own so that all of them can be ended. */
class Browser {
  /** Rejects when the browser cannot be started or ends by itself. */
  readonly failure: Promise<never>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly #process: ChildProcess;

  constructor(program: string, profile: string, url: string) {
    const asRoot = process.getuid?.() === 0;
    const flags = [
      '--headless=new',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-extensions',
      '--disable-gpu',
      '--disable-sync',
      '--metrics-recording-only',
      '--no-proxy-server',
      // Chromium refuses to run as root with its sandbox. The page is our own, and shows nothing of what it reads.
      ...(asRoot ? ['--no-sandbox'] : []),
    ];
    this.#process = spawn(program, [...flags, url], {
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
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
    });
    this.failure.catch(() => {});
    this.gone = new Promise((resolve) => {
      this.#process.once('close', () => resolve());
      this.#process.once('error', () => resolve());
    });
    // Nobody else would end it when this program is ended first.
    process.once('exit', this.#signalGroup);
  }

  /** Ends the browser with everything it started. */
  async kill(): Promise<void> {
    this.#signalGroup();
    await this.gone;
    process.off('exit', this.#signalGroup);
  }

  readonly #signalGroup = (): void => {
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // It has gone by itself meanwhile.
    }
  };
}
