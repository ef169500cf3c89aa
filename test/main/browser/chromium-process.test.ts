import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from '../../../src/main/browser/chromium-browser.ts';
import { removeLeftProfiles } from '../../../src/main/browser/chromium-profile.ts';

const program = findChromium(process.env);
const canLook = program !== null && process.platform === 'linux';
if (!canLook) console.log('no Chromium, or no /proc: what other users can see of it is not tested');

const polling = { timeout: 30_000, interval: 5 };

/** Arguments of all processes of this machine, which any user can read. */
function argumentsOfAll(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        return [];
      }
    });
}

describe.skipIf(!canLook)('a Chromium that opens a URL for this program', () => {
  let folder: string;
  let target: Server;
  let url: string;
  let child: ChildProcess;
  let origin: string;
  const profile = (): string | undefined =>
    readdirSync(folder).find((name) => name.startsWith(`sse-inspector-probe-${child.pid}-`));
  const browsers = (): string[] => argumentsOfAll().filter((each) => each.includes(join(folder, 'sse-')));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probe-'));
    target = createServer((_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization',
      });
      response.write('data: a stream without end\n\n');
      if (_request.method === 'OPTIONS') response.end();
      else target.emit('streaming');
    });
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    const probe = join(import.meta.dirname, 'browser-child.ts');
    child = spawn(process.execPath, [...process.execArgv, probe, program ?? '', url], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    origin = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (origin += text));
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    target.closeAllConnections();
    target.close();
    await expect.poll(browsers, polling).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('never has the page’s address or the request in its arguments', async () => {
    const seen = new Set<string>();
    let streams = false;
    target.once('streaming', () => (streams = true));
    await expect
      .poll(() => {
        for (const each of browsers()) seen.add(each);
        return streams || child.exitCode !== null;
      }, polling)
      .toBe(true);
    const port = new URL(origin).port;
    const all = [...seen].join('\n');
    expect(all).toContain('--remote-debugging-pipe');
    expect(all).not.toMatch(new RegExp(`\\b${port}\\b`));
    expect(all).not.toContain('secret-of-the-request');
    expect(all).not.toContain(url);
  }, 60_000);

  test.each([
    ['has made the profile', () => profile() !== undefined],
    ['has started the browser', () => browsers().length > 0],
    ['has a browser with a page', () => browsers().some((each) => each.includes('--type=renderer'))],
  ])(
    'ends when the program that %s is killed; the next start removes its profile',
    async (_, reached) => {
      await expect.poll(reached, polling).toBe(true);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await expect.poll(browsers, polling).toEqual([]);
      await removeLeftProfiles(folder);
      expect(readdirSync(folder)).toEqual([]);
    },
    60_000,
  );

  test('ends when the program is killed while the stream runs', async () => {
    await once(target, 'streaming');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(browsers, polling).toEqual([]);
    await removeLeftProfiles(folder);
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);
});

describe('removeLeftProfiles', () => {
  /** Larger than any real process id. */
  const nobody = 999_999_999;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'profiles-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('removes the profile of a process that has ended, with its content', async () => {
    await mkdir(join(folder, `sse-inspector-probe-${nobody}-abc`, 'Default'), { recursive: true });
    await removeLeftProfiles(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps profiles that are in use or not its own', async () => {
    const target = join(folder, 'documents');
    await mkdir(join(target, 'inside'), { recursive: true });
    await mkdir(join(folder, `sse-inspector-probe-${process.pid}-live`));
    await mkdir(join(folder, `sse-inspector-probe-${nobody}-other-host`));
    await symlink(
      'another.host-1',
      join(folder, `sse-inspector-probe-${nobody}-other-host`, 'SingletonLock'),
    );
    await symlink(target, join(folder, `sse-inspector-probe-${nobody}-link`));
    await mkdir(join(folder, 'sse-inspector-probe-without-number'));
    const before = await readdir(folder);
    await removeLeftProfiles(folder);
    expect(await readdir(folder)).toEqual(before);
    expect(existsSync(join(target, 'inside'))).toBe(true);
  });

  test('ignores a folder that does not exist', async () => {
    await expect(removeLeftProfiles(join(folder, 'nowhere'))).resolves.toBeUndefined();
  });
});
