import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, PageReport, PageTask, PageObserver } from './browser.ts';
import { ChromiumProcess } from './chromium-process.ts';
import { makeProfile, removeLeftProfiles, removeProfile } from './chromium-profile.ts';
import { lateness, servePage, type ServedPage } from './page-server.ts';

/** Names of executables of Chromium-based browsers. */
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

/** ms that a browser gets to start and report, beyond the timeout of the task. */
const startTime = 30_000;

/**
 * A Chromium on this machine: the one that `CHROME_PATH` names, otherwise the first on the PATH or in its usual
 * location. Null if there is none.
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

/** The browser of this machine, or why there is none. */
export function localBrowser(environment: {
  readonly [name: string]: string | undefined;
}): Browser | { readonly missing: string } {
  const program = findChromium(environment);
  if (program !== null) return new ChromiumBrowser(program);
  return { missing: 'no Chromium was found on this machine: install one, or set CHROME_PATH' };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A headless Chromium with a temporary profile, used outside the desktop application. */
export class ChromiumBrowser implements Browser {
  readonly name: string;
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
    this.name = `headless ${program}`;
  }

  async run(
    task: PageTask,
    allowOrigin: (origin: string) => void,
    signal: AbortSignal,
    watch?: PageObserver,
  ): Promise<PageReport> {
    signal.throwIfAborted();
    await removeLeftProfiles();
    const page = await servePage(task, watch);
    try {
      allowOrigin(page.origin);
      return await this.#show(page, task.timeout, signal);
    } finally {
      await page.close();
    }
  }

  async #show(page: ServedPage, timeout: number | null, signal: AbortSignal): Promise<PageReport> {
    const profile = await makeProfile();
    const over = new AbortController();
    try {
      signal.throwIfAborted();
      const browser = new ChromiumProcess(this.#program, profile, page.url);
      try {
        return await Promise.race([
          page.report,
          browser.failure,
          lateness(page, timeout, startTime, AbortSignal.any([signal, over.signal])),
        ]);
      } finally {
        over.abort();
        await browser.end();
      }
    } finally {
      await removeProfile(profile);
    }
  }
}
