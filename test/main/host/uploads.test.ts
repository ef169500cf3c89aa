import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { Uploads } from '../../../src/main/host/uploads.ts';

let uploads: Uploads;
beforeEach(() => {
  uploads = new Uploads();
});
afterEach(() => uploads.close());

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('Uploads', () => {
  test('puts the pieces together in the order they were sent', async () => {
    const id = await uploads.begin('stream.sse', 9);
    await Promise.all(['one', 'two', 'six'].map((piece) => uploads.append(id, base64(piece))));
    const text = await uploads.finish(id, async (path, name) => `${name}: ${await readFile(path, 'utf8')}`);
    expect(text).toBe('stream.sse: onetwosix');
  });

  test('says which format the user named', async () => {
    const id = await uploads.begin('log.txt', 0, 'ndjson');
    expect(await uploads.finish(id, async (_path, _name, format) => format)).toBe('ndjson');
  });

  test('removes the file after it was read, also where reading fails', async () => {
    let seen = '';
    const id = await uploads.begin('a', 1);
    await uploads.append(id, base64('a'));
    const reading = uploads.finish(id, async (path) => {
      seen = path;
      throw new Refusal('bad-file', 'no');
    });
    await expect(reading).rejects.toThrow('no');
    await expect(stat(seen)).rejects.toThrow('ENOENT');
    await expect(uploads.finish(id, async () => null)).rejects.toMatchObject({ code: 'bad-file' });
  });

  test('refuses a file of which a part is missing', async () => {
    const id = await uploads.begin('a', 5);
    await uploads.append(id, base64('abc'));
    await expect(uploads.finish(id, async () => null)).rejects.toThrow('3 of 5 bytes');
  });

  test('refuses more bytes than were announced', async () => {
    const id = await uploads.begin('a', 2);
    expect(() => uploads.append(id, base64('abc'))).toThrow(Refusal);
  });

  test('refuses a seventeenth file at once', async () => {
    for (let n = 0; n < 16; n++) await uploads.begin('a', 1);
    await expect(uploads.begin('a', 1)).rejects.toMatchObject({ code: 'busy' });
  });

  test('refuses the seventeenth also if all begin at the same time', async () => {
    const begun = await Promise.allSettled(Array.from({ length: 20 }, () => uploads.begin('a', 1)));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  });

  test('cancels the upload of a page that is gone', async () => {
    const patient = new Uploads(20);
    const id = await patient.begin('a', 2);
    await patient.append(id, base64('a'));
    await expect.poll(() => patient.open).toBe(0);
    expect(() => patient.append(id, base64('b'))).toThrow(Refusal);
    await patient.close();
  });

  test('says where there is no room for a file', async () => {
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = '/nowhere';
    try {
      await expect(uploads.begin('a', 1)).rejects.toMatchObject({ code: 'storage' });
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  });
});
