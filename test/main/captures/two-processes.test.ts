import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { captureId, type CaptureId } from '../../../src/contract/capture-id.ts';
import { createFile } from '../../../src/main/captures/capture-writer.ts';
import type { CaptureLibrary, LibraryOptions } from '../../../src/main/captures/library.ts';
import { all, openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { bodyOf, chunk, complete, fewRecords, header, response } from './capture-records.ts';

const options = { origin: 'connection', keepSecrets: false } as const;
const busy = { code: 'capture-busy' };

/** A library that looks often at what others do. */
function openReader(folder: string, more: LibraryOptions = {}): Promise<CaptureLibrary> {
  return openLibrary(folder, { lookEvery: 10, ...more });
}

/** A process that records without end, once it has shown something of it. */
async function startRecorder(folder: string, seed = '1') {
  const path = join(import.meta.dirname, 'recording-child.ts');
  const child = spawn(process.execPath, [path, folder, seed], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => (shown = line));
  while (!/ [1-9]\d* \d+$/.test(shown)) await once(lines, 'line');
  return {
    id: captureId.parse(shown.split(' ')[0]),
    pid: child.pid ?? 0,
    /** Settles when it has shown so many chunks. */
    async hasShown(chunks: number) {
      while (Number(shown.split(' ')[1]) < chunks) await once(lines, 'line');
    },
    /** Ends it without a chance to clean up; gives the chunks and bytes that it showed last. */
    async kill() {
      const closed = once(lines, 'close');
      child.kill('SIGKILL');
      await closed;
      const [, chunks, bytes] = shown.split(' ').map(Number);
      return { chunks: chunks ?? 0, bytes: bytes ?? 0 };
    },
  };
}

const lockOf = (folder: string, id: CaptureId): string => join(folder, `${id}.lock`);

async function changeLock(folder: string, id: CaptureId, change: object): Promise<void> {
  const lock = JSON.parse(await readFile(lockOf(folder, id), 'utf8')) as object;
  await writeFile(lockOf(folder, id), JSON.stringify({ ...lock, ...change }));
}

describe('a capture that another process records', () => {
  test('is listed as live, appears in the other process and grows', async () => {
    const folder = await temporaryFolder();
    const [recorder, reader] = [await openReader(folder), await openReader(folder)];
    const live = await recorder.create(header, options);
    await until(reader, () => reader.summary(live.id) !== null);
    expect(await reader.list()).toMatchObject([{ id: live.id, recordedElsewhere: true, end: null }]);
    expect(recorder.summary(live.id)).toMatchObject({ recordedElsewhere: false, phase: 'connecting' });

    void live.sink(response);
    void live.sink(chunk('data: one\n\ndata: tw', 2));
    await reader.load(live.id);
    await until(reader, () => reader.summary(live.id)?.dispatched === 1);
    expect(reader.summary(live.id)).toMatchObject({
      phase: 'streaming',
      recordedElsewhere: true,
      end: null,
      warnings: [],
    });
    void live.sink(chunk('o\n\n', 3));
    await until(reader, () => reader.summary(live.id)?.dispatched === 2);
    const { rows } = await (await reader.session(live.id)).reader.rows({ lane: 'blocks', from: 0, to: 9 });
    expect(rows.map(({ preview }) => preview.text)).toEqual(['one', 'two']);
    // An export holds what there is, and does not say that the recording stopped.
    expect((await all(reader.records(live.id))).map(({ kind }) => kind)).toEqual([
      'response',
      'chunk',
      'chunk',
    ]);

    await recorder.rename(live.id, 'named there');
    void live.sink(complete);
    await until(reader, () => reader.summary(live.id)?.recordedElsewhere === false);
    await reader.whole(live.id);
    expect(reader.summary(live.id)).toMatchObject({
      phase: 'ended',
      name: 'named there',
      end: { reason: 'complete' },
      warnings: [],
    });
    await recorder.close();
    expect((await readdir(folder)).toSorted()).toEqual([`${live.id}.capture`, `${live.id}.json`]);
  });

  test('is listed with its counts without being opened', async () => {
    const folder = await temporaryFolder();
    const [recorder, reader] = [await openReader(folder), await openReader(folder)];
    // Whoever shows captures listens.
    recorder.onChange(() => {});
    const live = await recorder.create(header, options);
    await until(reader, () => reader.summary(live.id) !== null);
    void live.sink(response);
    void live.sink(chunk('data: one\n\n', 2));
    await until(reader, () => reader.summary(live.id)?.dispatched === 1);
    expect(reader.summary(live.id)).toMatchObject({ phase: 'streaming', recordedElsewhere: true });
    void live.sink(chunk('data: two\n\n', 3));
    void live.sink(complete);
    await until(reader, () => reader.summary(live.id)?.phase === 'stored');
    expect(reader.summary(live.id)).toMatchObject({ dispatched: 2, recordedElsewhere: false });
  });

  test('cannot be renamed or deleted until it has ended', async () => {
    const folder = await temporaryFolder();
    const [recorder, reader] = [await openReader(folder), await openReader(folder)];
    const live = await recorder.create(header, options);
    await reader.list();
    for (const open of [false, true]) {
      if (open) await reader.load(live.id);
      await expect(reader.delete(live.id)).rejects.toMatchObject(busy);
      await expect(reader.rename(live.id, 'x')).rejects.toMatchObject(busy);
      await expect(reader.refuseElsewhere(live.id)).rejects.toMatchObject(busy);
    }
    void live.sink(complete);
    await until(reader, () => reader.summary(live.id)?.recordedElsewhere === false);
    await reader.rename(live.id, 'mine');
    await reader.delete(live.id);
    expect(await reader.list()).toEqual([]);
  });

  test('that is closed and opened again is still followed', async () => {
    const folder = await temporaryFolder();
    const recorder = await openReader(folder);
    const reader = await openReader(folder, { openAtMost: 1 });
    const live = await recorder.create(header, options);
    const other = await importRecords(recorder, header, fewRecords);
    await reader.list();
    for (let n = 1; n <= 3; n += 1) {
      void live.sink(n === 1 ? response : chunk(`data: ${n}\n\n`, n));
      await reader.load(live.id);
      await until(reader, () => (reader.summary(live.id)?.dispatched ?? 0) === n - 1);
      await reader.whole(other);
    }
    await live.close();
    await until(reader, () => reader.summary(live.id)?.recordedElsewhere === false);
    await reader.whole(live.id);
    expect(reader.summary(live.id)).toMatchObject({ dispatched: 2, end: { reason: 'premature-close' } });
  });
});

describe('a capture whose process was killed', () => {
  test('is shown as stopped at once, and can be deleted', async () => {
    const folder = await temporaryFolder();
    const recorder = await startRecorder(folder);
    const reader = await openReader(folder);
    await reader.load(recorder.id);
    await until(reader, () => (reader.summary(recorder.id)?.rows.chunks ?? 0) > 0);
    expect(reader.summary(recorder.id)?.recordedElsewhere).toBe(true);
    await expect(reader.delete(recorder.id)).rejects.toMatchObject(busy);
    const shown = await recorder.kill();
    await until(reader, () => reader.summary(recorder.id)?.phase === 'ended');
    const summary = reader.summary(recorder.id);
    expect(summary).toMatchObject({ recordedElsewhere: false, end: { reason: 'premature-close' } });
    expect(summary?.warnings.map(({ code }) => code)).toContain('recording-stopped');
    expect(summary?.rows.chunks).toBeGreaterThanOrEqual(shown.chunks);
    await reader.delete(recorder.id);
    // Neither its lock nor its socket is left.
    expect(await readdir(folder)).toEqual([]);
  });

  test('is not taken for a running one if its process ID is in use again', async () => {
    const folder = await temporaryFolder();
    const recorder = await startRecorder(folder);
    await recorder.kill();
    await changeLock(folder, recorder.id, { pid: process.pid });
    const reader = await openReader(folder);
    expect(await reader.list()).toMatchObject([{ recordedElsewhere: false, phase: 'stored' }]);
    expect(await readdir(folder)).not.toContain(`${recorder.id}.lock`);
  });

  test('on another machine counts as live until its lock has not changed for long, whatever its clock', async () => {
    const folder = await temporaryFolder();
    const recorder = await startRecorder(folder);
    await recorder.kill();
    await changeLock(folder, recorder.id, { machine: 'another one' });
    let now = 0;
    const locks = { patience: 200, now: () => now };
    const reader = await openReader(folder, { locks });
    expect(await reader.list()).toMatchObject([{ recordedElsewhere: true }]);
    // Its owner goes on saying that it runs, by a clock that jumps.
    for (const year of [1999, 2050, 2010]) {
      await utimes(lockOf(folder, recorder.id), new Date(year, 1), new Date(year, 1));
      await expect(reader.delete(recorder.id)).rejects.toMatchObject(busy);
    }
    now += 199;
    await expect(reader.delete(recorder.id)).rejects.toMatchObject(busy);
    now += 1;
    await until(reader, () => reader.summary(recorder.id)?.recordedElsewhere === false);
    await reader.delete(recorder.id);
  });

  test('at any moment keeps what was shown, while another process follows it', {
    timeout: 120_000,
  }, async () => {
    const seed = Date.now() % 100_000;
    console.log(`seed ${seed}`);
    const folder = await temporaryFolder();
    const reader = await openReader(folder);
    for (let round = 0; round < 6; round += 1) {
      const [first, second] = await Promise.all([
        startRecorder(folder, String(seed + round)),
        startRecorder(folder, String(seed - round)),
      ]);
      await reader.load(first.id);
      await reader.load(second.id);
      await first.hasShown((seed * 7919 + round * 104_729) % 150);
      const shown = await first.kill();
      await until(reader, () => reader.summary(first.id)?.phase === 'ended');
      expect(reader.summary(first.id)?.rows.chunks).toBeGreaterThanOrEqual(shown.chunks);
      expect(reader.summary(first.id)?.bytes).toBeGreaterThanOrEqual(shown.bytes);
      // The other is not touched by that.
      expect(reader.summary(second.id)).toMatchObject({ recordedElsewhere: true, end: null });
      await second.kill();
      await until(reader, () => reader.summary(second.id)?.phase === 'ended');
      const body = Buffer.from(bodyOf(await all(reader.records(second.id)))).toString();
      for (const [read, event] of body.split('\n\n').slice(0, -1).entries())
        expect(event.startsWith(`data: {"read":${read},`)).toBe(true);
    }
    await reader.close();
    expect((await readdir(folder)).filter((name) => /\.(?:lock|sock|part)$/.test(name))).toEqual([]);
  });
});

describe('where no socket can be made', () => {
  const locks = { listen: () => Promise.reject(new Error('no sockets here')) };

  test('a capture is locked all the same', async () => {
    const folder = await temporaryFolder();
    const recorder = await openReader(folder, { locks });
    const reader = await openReader(folder);
    const live = await recorder.create(header, options);
    expect(await reader.list()).toMatchObject([{ recordedElsewhere: true }]);
    await expect(reader.delete(live.id)).rejects.toMatchObject(busy);
    await live.close();
    await until(reader, () => reader.summary(live.id)?.recordedElsewhere === false);
    await recorder.close();
    await reader.delete(live.id);
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a folder whose path is too long for a socket is locked through one elsewhere', async () => {
  const folder = join(await temporaryFolder(), 'long'.repeat(30));
  const [recorder, reader] = [await openReader(folder), await openReader(folder)];
  const live = await recorder.create(header, options);
  const lock = JSON.parse(await readFile(lockOf(folder, live.id), 'utf8')) as { socket: string };
  expect(lock.socket).toMatch(/^\/.*\.sock$/);
  await expect(reader.delete(live.id)).rejects.toMatchObject(busy);
  await live.close();
});

test('a capture that cannot be locked is recorded with a warning that others do not see it', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(folder, {
    // The folder is away while the lock is taken, and there again when the file is made.
    createFile: async (path) => {
      await mkdir(folder);
      return createFile(path);
    },
  });
  await rm(folder, { recursive: true });
  const live = await library.create(header, options);
  expect(library.summary(live.id)?.warnings).toMatchObject([
    { code: 'not-locked', message: expect.stringContaining('ENOENT') as string },
  ]);
  await live.close();
});

describe('a file that another program deletes', () => {
  test('during the recording causes a warning', async () => {
    const folder = await temporaryFolder();
    const library = await openReader(folder);
    const live = await library.create(header, options);
    await live.sink(chunk('data: one\n\n', 1));
    await rm(join(folder, `${live.id}.capture`));
    await until(library, () => (library.summary(live.id)?.warnings.length ?? 0) > 0);
    expect(library.summary(live.id)?.warnings).toMatchObject([{ code: 'file-gone' }]);
    expect(await library.list()).toMatchObject([{ id: live.id }]);
    await live.close();
    await library.delete(live.id);
    expect(await readdir(folder)).toEqual([]);
  });

  test('afterwards leaves the list', async () => {
    const folder = await temporaryFolder();
    const [one, other] = [await openReader(folder), await openReader(folder)];
    const id = await importRecords(one, header, fewRecords);
    await other.whole(id);
    const gone = new Promise((resolve) => other.onRemoved(resolve));
    other.onChange(() => {});
    await one.delete(id);
    expect(await gone).toBe(id);
    expect(other.summary(id)).toBeNull();
    await expect(other.session(id)).rejects.toMatchObject({ code: 'no-such-capture' });
  });
});
