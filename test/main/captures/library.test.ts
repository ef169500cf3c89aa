import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { all, openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { bodyOf, chunk, complete, fewRecords, header, response } from './capture-records.ts';

const options = { origin: 'connection', keepSecrets: false } as const;

describe('a capture', () => {
  test('gives back every record exactly as it was received', async () => {
    const library = await openLibrary(await temporaryFolder());
    const id = await importRecords(library, header, fewRecords);
    expect(await all(library.records(id))).toEqual(fewRecords);
    expect(bodyOf(await all(library.records(id)))).toEqual(bodyOf(fewRecords));
  });

  test('is the same when it is opened by another process later', async () => {
    const folder = await temporaryFolder();
    const first = await CaptureLibrary.open(folder);
    const id = await importRecords(first, header, fewRecords);
    await until(first, () => first.summary(id)?.worst !== null);
    const before = first.summary(id);
    await first.close();
    const second = await openLibrary(folder);
    const [stored] = await second.list();
    expect(stored).toEqual({ ...before, phase: 'stored', revision: expect.any(Number) });
    await second.whole(id);
    expect(second.summary(id)).toEqual({ ...before, revision: expect.any(Number) });
    expect(before).toMatchObject({
      phase: 'ended',
      status: 200,
      dispatched: 3,
      warnings: [{ code: 'ill-formed-utf8' }],
    });
  });

  test('has the worst severity of its findings in the list once it has ended, also after a restart', async () => {
    const folder = await temporaryFolder();
    const first = await CaptureLibrary.open(folder);
    const live = await first.create(header, options);
    await live.sink(response);
    await live.sink(chunk('data: {"a":\n\n', 2));
    await first.ask(live.id, ({ reader }) => reader.diagnosis());
    // It may still become right.
    expect(first.summary(live.id)?.worst).toBeNull();
    await live.sink({ kind: 'end', at: 5, reason: 'complete' });
    await until(first, () => first.summary(live.id)?.worst === 'error');
    await first.close();
    const second = await openLibrary(folder);
    expect(await second.list()).toMatchObject([{ phase: 'stored', worst: 'error' }]);
  });

  test('can be read while it is recorded', async () => {
    const library = await openLibrary(await temporaryFolder());
    const live = await library.create(header, options);
    expect(library.summary(live.id)?.phase).toBe('connecting');
    await live.sink(response);
    await live.sink(chunk('data: one\n\ndata: tw', 2));
    await until(library, () => library.summary(live.id)?.rows.chunks === 1);
    expect(library.summary(live.id)).toMatchObject({ phase: 'streaming', rows: { chunks: 1, blocks: 1 } });
    const session = await library.session(live.id);
    expect((await session.reader.bytes({ start: 6, end: 9 })).base64).toBe(
      Buffer.from('one').toString('base64'),
    );
    await live.sink(complete);
    await until(library, () => library.summary(live.id)?.end !== null);
    expect(library.summary(live.id)).toMatchObject({ phase: 'ended', end: { reason: 'complete' } });
  });

  test('has its secrets redacted on disk unless the user keeps them', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const secret = {
      ...header,
      request: { ...header.request, headers: [['Authorization', 'Bearer s3cr3t']] as const },
    };
    const answer = { ...response, headers: [['set-cookie', 'sid=s3cr3t']] as const };
    const redacted = await importRecords(library, secret, [answer, complete]);
    const kept = await importRecords(library, secret, [answer, complete], {
      origin: 'file',
      keepSecrets: true,
    });
    expect(await readFile(join(folder, `${redacted}.capture`), 'utf8')).not.toContain('s3cr3t');
    expect(await readFile(join(folder, `${kept}.capture`), 'utf8')).toContain('s3cr3t');
  });

  test('can be read by its owner alone', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const id = await importRecords(library, header, fewRecords);
    await library.rename(id, 'mine');
    for (const name of await readdir(folder))
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });
});

describe('the library', () => {
  test('lists captures newest first and makes ids that sort by time', async () => {
    const library = await openLibrary(await temporaryFolder());
    const ids = [];
    for (let n = 0; n < 3; n += 1)
      ids.push(
        await importRecords(library, { ...header, startedAt: `2026-01-0${n + 1}T00:00:00.000Z` }, fewRecords),
      );
    expect((await library.list()).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test('keeps a name over a restart, and without the capture being opened', async () => {
    const folder = await temporaryFolder();
    const first = await CaptureLibrary.open(folder);
    const id = await importRecords(first, header, fewRecords);
    await first.rename(id, 'the slow one');
    await first.close();
    const second = await CaptureLibrary.open(folder);
    expect((await second.list())[0]?.name).toBe('the slow one');
    await second.rename(id, 'the other');
    expect((await second.header(id)).name).toBe('the other');
    await second.rename(id, '');
    await second.close();
    const third = await openLibrary(folder);
    expect((await third.list())[0]?.name).toBeNull();
  });

  test('lists a capture whose sidecar is missing or damaged, and rebuilds the summary when it is opened', async () => {
    const folder = await temporaryFolder();
    const first = await CaptureLibrary.open(folder);
    const id = await importRecords(first, header, fewRecords);
    const before = first.summary(id);
    await first.close();
    for (const damage of [
      () => rm(join(folder, `${id}.json`)),
      () => writeFile(join(folder, `${id}.json`), '{"version":'),
    ]) {
      await damage();
      const library = await CaptureLibrary.open(folder);
      expect((await library.list())[0]).toMatchObject({
        id,
        phase: 'stored',
        end: null,
        request: header.request,
      });
      await library.whole(id);
      // Its findings are known once it is diagnosed again.
      expect(library.summary(id)).toEqual({ ...before, worst: null, revision: expect.any(Number) });
      await library.close();
    }
    const last = await openLibrary(folder);
    expect((await last.list())[0]?.dispatched).toBe(before?.dispatched);
  });

  test('deletes a capture with all that belongs to it, but not one that is being recorded', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const live = await library.create(header, options);
    await expect(library.delete(live.id)).rejects.toMatchObject({ code: 'capture-busy' });
    await live.close();
    await library.delete(live.id);
    expect(await readdir(folder)).toEqual([]);
    expect(await library.list()).toEqual([]);
    await expect(library.session(live.id)).rejects.toMatchObject({ code: 'no-such-capture' });
    await expect(library.delete(live.id)).rejects.toMatchObject({ code: 'no-such-capture' });
  });

  test('closes the least recently used captures and opens them again on demand', async () => {
    const library = await openLibrary(await temporaryFolder(), { openAtMost: 2 });
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await importRecords(library, header, fewRecords));
    for (const id of [...ids, ...ids]) {
      await library.whole(id);
      const { rows } = await (await library.session(id)).reader.rows({ lane: 'blocks', from: 0, to: 10 });
      expect(rows).toHaveLength(5);
    }
    expect((await library.list()).filter(({ phase }) => phase === 'ended')).toHaveLength(2);
  });

  test('refuses a folder that cannot be used', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const opening = CaptureLibrary.open(join(folder, 'file', 'captures'));
    await expect(opening).rejects.toBeInstanceOf(Refusal);
    await expect(opening).rejects.toMatchObject({ code: 'storage' });
  });

  test('refuses to record in a folder that may not be written', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write anywhere');
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    await chmod(folder, 0o500);
    await expect(library.create(header, options)).rejects.toMatchObject({ code: 'storage' });
  });

  test('refuses to record when its folder is gone, and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    await rm(folder, { recursive: true });
    await expect(library.create(header, options)).rejects.toMatchObject({ code: 'storage' });
  });

  test('finishes what is being recorded when it is closed', async () => {
    const folder = await temporaryFolder();
    const library = await CaptureLibrary.open(folder);
    const live = await library.create(header, options);
    void live.sink(chunk('data: x\n\n', 5));
    await library.close();
    const later = await openLibrary(folder);
    await later.whole(live.id);
    const summary = (await later.list())[0];
    expect(summary).toMatchObject({
      dispatched: 1,
      end: { reason: 'premature-close', at: 5, error: { code: 'RECORDING_STOPPED' } },
    });
    expect((await all(later.records(live.id))).at(-1)).toMatchObject({
      kind: 'end',
      at: 5,
      reason: 'premature-close',
    });
  });

  test('has a small summary, whatever the file contains', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const long = 'x'.repeat(5_000_000);
    const url = `http://127.0.0.1/${long}`;
    const headers = [['X-Long', long]] as const;
    const request = { ...header.request, url, method: long, headers, body: long, extra: { long } };
    const answer = { ...response, headers: [['content-type', long]] as const };
    const end = { kind: 'end', at: 9, reason: 'error', error: { code: long, message: long } } as const;
    const id = await importRecords(library, { ...header, name: long, request }, [answer, end]);
    expect(JSON.stringify(library.summary(id)).length).toBeLessThan(40_000);
    expect((await (await library.session(id)).reader.exchange()).request).toMatchObject({
      url,
      headers,
      body: long,
    });
    expect(JSON.stringify(await (await openLibrary(folder)).list()).length).toBeLessThan(40_000);
  });
});
