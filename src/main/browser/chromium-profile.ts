import { lstat, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A profile folder is named after the process that made it: `sse-inspector-probe-PID-XXXXXX`. */
const prefix = 'sse-inspector-probe-';
const folderName = /^sse-inspector-probe-([1-9]\d{0,8})-[^/]+$/;

/** Makes an empty profile folder that only this user can read. */
export function makeProfile(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Removes a profile folder. A browser process that is ending may still write to it. */
export async function removeProfile(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/**
 * Removes the profiles of this user's processes that were killed before they could remove them. A profile is kept while
 * the process that made it is running, or a browser uses it. Failures are ignored: the next call tries again.
 * @param parent the folder that holds the profiles
 */
export async function removeLeftProfiles(parent: string = tmpdir()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = Number(folderName.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const folder = join(parent, name);
    try {
      if ((await isOwnFolder(folder)) && !(await isInUse(folder))) await removeProfile(folder);
    } catch {
      // Another process removes it too, or it belongs to another user.
    }
  }
}

/** Excludes links and folders of other users, who may also write to the temporary folder. */
async function isOwnFolder(path: string): Promise<boolean> {
  const status = await lstat(path);
  return status.isDirectory() && (process.getuid === undefined || status.uid === process.getuid());
}

/** Chromium locks a profile with a symbolic link `SingletonLock` → `HOST-PID` while it runs. */
async function isInUse(folder: string): Promise<boolean> {
  const lock = await readlink(join(folder, 'SingletonLock')).catch(() => null);
  if (lock === null) return false;
  const [, host, pid] = /^(.*)-(\d+)$/.exec(lock) ?? [];
  // Process ids of another host (a container that shares this folder) cannot be checked here.
  return host !== hostname() || isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
