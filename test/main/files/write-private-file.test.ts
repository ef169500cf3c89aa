import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writePrivateFile } from '../../../src/main/files/write-private-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-private-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a file replaces the one before it, and only its owner may read it', async () => {
  const path = join(folder, 'a.json');
  await writePrivateFile(path, 'long text');
  await writePrivateFile(path, 'short');
  expect(await readFile(path, 'utf8')).toBe('short');
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a failed write leaves no temporary file', async () => {
  const path = join(folder, 'taken');
  await mkdir(join(path, 'inside'), { recursive: true });
  await expect(writePrivateFile(path, 'text')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});
