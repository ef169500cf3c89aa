import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { CaptureId } from '../../contract/capture-id.ts';
import { partialPath } from '../files/write-private-file.ts';
import { sidecarPath } from './sidecar.ts';

/*
 * `<id>.lock` marks a capture as being recorded, from before its file is created until the last write. A capture is never
 * recorded a second time, so no process takes over a lock: others only check whether its owner still runs.
 *
 * The owner listens on a socket for as long as it holds a lock, and the lock names the socket. The system closes it when the
 * process ends in any way, so a refused connection means that the owner is gone, even if its process ID is in use again or
 * the clock has changed. (Chromium and VS Code detect stale locks in the same way.) A socket can be reached only on its own
 * machine, and some file systems do not support sockets. For such locks the owner touches the lock file regularly. A lock
 * that has not changed for long, on the clock of the observer, is stale.
 */

/** Ends the name of a lock. */
export const lockSuffix = '.lock';

const lockContent = z.object({
  version: z.literal(1),
  /** See `thisMachine`. */
  machine: z.string(),
  pid: z.number().int().positive(),
  /** Its name in the captures folder, or its path elsewhere; null if no socket could be created. */
  socket: z.string().nullable(),
});
type LockContent = z.infer<typeof lockContent>;

/** How often an owner touches its locks, and after how long without a touch a lock is stale, ms. */
const beat = 10_000;
/** Network file systems may show a change up to a minute late. */
const patience = 90_000;
/** Node silently truncates the path of a longer socket. macOS has the lowest limit. */
const longestSocketPath = 103;

export interface LockOptions {
  /** Makes the owner's socket listen on a path; tests give one that fails. */
  readonly listen?: (path: string) => Promise<Server>;
  /** ms without a change after which a lock whose socket cannot be reached is stale. */
  readonly patience?: number;
  /** The time, ms, on a clock that never goes back; tests give one of their own. */
  readonly now?: () => number;
}

/** The locks of the captures in one folder, of this process and of others. */
export class RecordingLocks {
  readonly #folder: string;
  readonly #options: LockOptions;
  readonly #held = new Set<CaptureId>();
  #server: Promise<{ readonly server: Server; readonly name: string } | null> | null = null;
  #beat: NodeJS.Timeout | null = null;
  /** For locks whose socket cannot be reached: their time, and when this process first saw it. */
  readonly #seen = new Map<CaptureId, { readonly changed: number; readonly since: number }>();

  /** Sockets without a listener, whose files are removed. */
  readonly #abandoned = new Set<string>();

  constructor(folder: string, options: LockOptions = {}) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Takes the lock of a new capture. Rejects with the file system's error. */
  async take(id: CaptureId): Promise<void> {
    this.#held.add(id);
    this.#server ??= this.#listen();
    const socket = (await this.#server)?.name ?? null;
    const content: LockContent = { version: 1, machine: await thisMachine(), pid: process.pid, socket };
    const path = this.#path(id);
    const temporary = `${path}.part`;
    try {
      // Renamed into place, so that no process reads half a lock.
      await writeFile(temporary, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      await this.release(id);
      throw error;
    }
    this.#beat ??= setInterval(() => this.#touch(), beat).unref();
  }

  /** Releases a lock; does nothing if it is not held. Never rejects. */
  async release(id: CaptureId): Promise<void> {
    if (!this.#held.has(id)) return;
    await rm(this.#path(id), { force: true }).catch(() => {});
    this.#held.delete(id);
    if (this.#held.size > 0) return;
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#beat = null;
    const listening = this.#server;
    this.#server = null;
    // Node removes the socket's file with it.
    const server = (await listening)?.server;
    if (server !== undefined) await new Promise((done) => server.close(done));
  }

  /** Whether another process is recording a capture. Removes a stale lock. */
  async isHeldElsewhere(id: CaptureId): Promise<boolean> {
    if (this.#held.has(id)) return false;
    const path = this.#path(id);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? null : '',
    );
    if (text === null) {
      this.#seen.delete(id);
      return false;
    }
    const owner = contentOf(text);
    const answer = owner === null ? 'unknown' : await this.#ask(owner);
    if (answer === 'runs') return true;
    if (answer === 'unknown' && (await this.#changedLately(id, path))) return true;
    await rm(path, { force: true }).catch(() => {});
    // The owner may have been killed while it wrote this.
    if (owner !== null)
      await rm(partialPath(sidecarPath(this.#folder, id), owner.pid), { force: true }).catch(() => {});
    this.#seen.delete(id);
    return false;
  }

  async #ask({ machine, pid, socket }: LockContent): Promise<'runs' | 'gone' | 'unknown'> {
    const code = socket === null ? 'ENOENT' : await knock(this.#socketPath(socket));
    if (code === null) return 'runs';
    // The socket of another machine refuses too, and its process IDs have no meaning here.
    if (machine !== (await thisMachine())) return 'unknown';
    if (socket !== null && code === 'ECONNREFUSED') {
      this.#abandoned.add(socket);
      await rm(this.#socketPath(socket), { force: true }).catch(() => {});
    }
    if (socket !== null && this.#abandoned.has(socket)) return 'gone';
    return code === 'ENOENT' && !isRunning(pid) ? 'gone' : 'unknown';
  }

  async #changedLately(id: CaptureId, path: string): Promise<boolean> {
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (changed === null) return false;
    const now = (this.#options.now ?? defaultNow)();
    const seen = this.#seen.get(id);
    if (seen?.changed === changed) return now - seen.since < (this.#options.patience ?? patience);
    this.#seen.set(id, { changed, since: now });
    return true;
  }

  /** Listens in the folder, where every process that uses it finds the socket, or else in the temporary folder. */
  async #listen(): Promise<{ readonly server: Server; readonly name: string } | null> {
    const name = `owner-${randomBytes(8).toString('hex')}.sock`;
    const places =
      process.platform === 'win32' ? [`\\\\.\\pipe\\sse-inspector-${name}`] : [name, join(tmpdir(), name)];
    for (const place of places) {
      const path = this.#socketPath(place);
      if (Buffer.byteLength(path) > longestSocketPath) continue;
      try {
        return { server: await (this.#options.listen ?? listenAt)(path), name: place };
      } catch {
        // Try the next place.
      }
    }
    return null;
  }

  #touch(): void {
    const now = new Date();
    for (const id of this.#held) utimes(this.#path(id), now, now).catch(() => {});
  }

  /** The name of a socket in the folder is relative, because others may mount the folder elsewhere. */
  #socketPath(socket: string): string {
    return socket === basename(socket) ? resolve(this.#folder, socket) : socket;
  }

  #path(id: CaptureId): string {
    return join(this.#folder, `${id}${lockSuffix}`);
  }
}

const defaultNow = (): number => performance.now();

let machine: Promise<string> | null = null;

/**
 * Identifies this machine until it restarts, because a socket works only there. Machines of one network may share a name, so
 * that Linux adds what it draws at random when it starts.
 */
function thisMachine(): Promise<string> {
  machine ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (boot) => `${hostname()} ${boot.trim()}`,
    () => hostname(),
  );
  return machine;
}

function contentOf(text: string): LockContent | null {
  try {
    const parsed = lockContent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function listenAt(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy());
  await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done));
  // It must not keep the process alive or accept other users.
  server.unref();
  if (process.platform !== 'win32') await chmod(path, 0o600).catch(() => {});
  return server;
}

/** Connects to a socket: null if a process listens, else the error's code. */
function knock(path: string): Promise<string | null> {
  return new Promise((done) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      done(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // The queue of connections is full, so a process listens.
      done(error.code === 'EAGAIN' ? null : (error.code ?? 'unknown')),
    );
  });
}

/** Whether a process with this ID runs, of any user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
