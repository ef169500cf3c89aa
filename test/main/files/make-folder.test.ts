import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { makeFolder } from '../../../src/main/files/make-folder.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('makes a folder and its parents for their owner only', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect((await stat(join(folder, '..'))).mode & 0o777).toBe(0o700);
});

test('reports a folder that can neither be found nor made at once', async ({ skip }) => {
  skip(process.platform !== 'linux', 'needs /proc');
  expect(() => makeFolder('/proc/nowhere/captures', 0o700)).toThrow('ENOENT');
  await expect(CaptureLibrary.open('/proc/nowhere/captures')).rejects.toMatchObject({ code: 'storage' });
});

test('reports a file in place of the folder', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  expect(() => makeFolder(file, 0o700)).toThrow('EEXIST');
  expect(() => makeFolder(join(file, 'below'), 0o700)).toThrow('ENOTDIR');
});
