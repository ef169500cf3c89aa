import { appendFile, mkdir, open, readdir, rename, rmdir, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type CaptureId, captureId } from '../../../src/contract/capture-id.ts';
import type { AppendFile } from '../../../src/main/captures/capture-writer.ts';
import { all, openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { bodyOf, chunk, complete, fewRecords, header, response } from './capture-records.ts';

const options = { origin: 'connection', keepSecrets: false } as const;
const everything = { lane: 'blocks', from: 0, to: 1000 } as const;

describe('the list of captures', () => {
  test('ignores files in the folder that are not captures', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const id = await importRecords(library, header, fewRecords);
    await mkdir(join(folder, 'a-folder.capture'));
    await symlink(join(folder, 'nowhere'), join(folder, 'a-link.capture'));
    const other = await openLibrary(folder);
    expect((await other.list()).map((summary) => summary.id)).toEqual([id]);
  });
});

describe('a capture that is deleted', () => {
  test('may be one whose end is not on disk yet', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const live = await library.create(header, options);
    void live.sink(response);
    void live.sink(complete);
    await library.delete(live.id);
    expect(await readdir(folder)).toEqual([]);
    expect(library.summary(live.id)).toBeNull();
  });

  test('may be one whose end a full disk has no room for', async () => {
    const folder = await temporaryFolder();
    let full = false;
    const createFile = async (path: string): Promise<AppendFile> => {
      const handle = await open(path, 'ax');
      return {
        writev: (pieces) =>
          full ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) : handle.writev(pieces),
        close: () => handle.close(),
      };
    };
    const library = await openLibrary(folder, { createFile });
    const live = await library.create(header, options);
    full = true;
    void live.sink(complete);
    await until(library, () => library.summary(live.id)?.warnings[0]?.code === 'disk-full');
    await library.delete(live.id);
    expect(await readdir(folder)).toEqual([]);
  });

  test('does not come back when it is opened during the deletion', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const id = await importRecords(library, header, fewRecords);
    let deleted = false;
    const looking = (async () => {
      while (!deleted) {
        await nextTurn();
        await library.session(id).then(
          (session) => session.reader.rows(everything).catch(() => null),
          () => null,
        );
      }
    })();
    await library.delete(id);
    expect(library.summary(id)).toBeNull();
    deleted = true;
    await looking;
    expect(library.summary(id)).toBeNull();
    await expect(library.session(id)).rejects.toMatchObject({ code: 'no-such-capture' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('stays if it cannot be deleted, and can be opened again', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder, { lookEvery: 60_000 });
    const id = await importRecords(library, header, fewRecords);
    const file = join(folder, `${id}.capture`);
    const other = join(folder, 'moved-away');
    // A folder in the place of its file: no user, root neither, removes that as a file.
    await rename(file, other);
    await mkdir(file);
    await expect(library.delete(id)).rejects.toMatchObject({ code: 'storage' });
    await rmdir(file);
    await rename(other, file);
    expect((await library.list()).map((summary) => summary.id)).toEqual([id]);
    expect((await (await library.session(id)).reader.rows(everything)).total).toBe(5);
  });

  test('cannot be deleted twice', async () => {
    const library = await openLibrary(await temporaryFolder());
    const id = await importRecords(library, header, fewRecords);
    await library.delete(id);
    await expect(library.delete(id)).rejects.toMatchObject({ code: 'no-such-capture' });
  });
});

test('a running query settles before its capture is closed to make room', async () => {
  const library = await openLibrary(await temporaryFolder(), { openAtMost: 1 });
  const many = Array.from({ length: 3000 }, (_, n) => chunk(`data: {"n":${n}}\n\n`, n, n));
  const ids: CaptureId[] = [];
  for (let n = 0; n < 3; n += 1)
    ids.push(await importRecords(library, header, [response, ...many, complete]));
  const ask = async (n: number): Promise<number> => {
    const id = ids[n % 3] ?? captureId.parse('none');
    const filter = { text: 'no such text é' };
    return (await library.ask(id, (session) => session.reader.rows({ ...everything, filter }))).total;
  };
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n)));
  expect(answers).toEqual(Array.from({ length: 30 }, () => 0));
});

test('captures that end together are all listed with all their events, open or not', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(folder);
  const lives = await Promise.all(Array.from({ length: 100 }, () => library.create(header, options)));
  const wrong = new Set<string>();
  const ended = new Set<CaptureId>();
  library.onChange((id) => {
    const summary = library.summary(id);
    if (summary?.end?.reason === 'complete') ended.add(id);
    if (ended.has(id) && summary?.dispatched !== 3) wrong.add(`${id} ${summary?.dispatched}`);
  });
  for (const live of lives) for (const record of fewRecords) void live.sink(record);
  await until(library, () => ended.size === lives.length);
  await Promise.all(lives.map((live) => live.close()));
  for (let round = 0; round < 3; round += 1) {
    const listed = await library.list();
    expect(listed.filter(({ dispatched }) => dispatched !== 3)).toEqual([]);
    expect(listed).toHaveLength(lives.length);
  }
  expect([...wrong]).toEqual([]);
});

test('a source of a growing capture gives the same records each time it is read', async () => {
  const library = await openLibrary(await temporaryFolder());
  const live = await library.create(header, options);
  void live.sink(response);
  void live.sink(chunk('data: one\n\n', 2));
  await until(library, () => library.summary(live.id)?.dispatched === 1);
  const source = await library.source(live.id);
  const before = await all(source.records() as AsyncIterable<(typeof fewRecords)[number]>);
  void live.sink(chunk('data: two\n\n', 3));
  void live.sink(complete);
  await live.close();
  const after = await all(source.records() as AsyncIterable<(typeof fewRecords)[number]>);
  expect(after).toEqual(before);
  expect(Buffer.from(bodyOf(before)).toString()).toBe('data: one\n\n');
});

test('an error when the file is closed still finishes the capture', async () => {
  const createFile = async (path: string): Promise<AppendFile> => {
    const handle = await open(path, 'ax');
    return {
      writev: (pieces) => handle.writev(pieces),
      close: async () => {
        await handle.close();
        throw Object.assign(new Error('quota'), { code: 'EDQUOT' });
      },
    };
  };
  const library = await openLibrary(await temporaryFolder(), { createFile });
  const live = await library.create(header, options);
  void live.sink(complete);
  await live.close();
  expect(library.summary(live.id)).toMatchObject({ phase: 'ended', warnings: [{ code: 'disk-full' }] });
});

test('a capture whose file was truncated is refused, and others still work', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(folder);
  const id = await importRecords(library, header, fewRecords);
  const other = await importRecords(library, header, fewRecords);
  await truncate(join(folder, `${id}.capture`), 200);
  await expect((await library.session(id)).reader.rows(everything)).rejects.toMatchObject({
    code: 'storage',
  });
  expect((await (await library.session(other)).reader.rows(everything)).total).toBe(5);
  await appendFile(join(folder, `${id}.capture`), 'x');
});
