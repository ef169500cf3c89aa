import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { createFile, type AppendFile } from '../../../src/main/captures/capture-writer.ts';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { all, openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { bodyOf, chunk, complete, fewRecords, header, response } from './capture-records.ts';

const options = { origin: 'connection', keepSecrets: false } as const;
const ofCode = (code: string): unknown => expect.arrayContaining([expect.objectContaining({ code })]);

/** A capture file with `fewRecords` and where each of its records ends. */
async function sampleFile(): Promise<{ name: string; bytes: Buffer }> {
  const folder = await temporaryFolder();
  const library = await CaptureLibrary.open(folder);
  const id = await importRecords(library, header, fewRecords);
  await library.close();
  return { name: `${id}.capture`, bytes: await readFile(join(folder, `${id}.capture`)) };
}

/** Opens a file's content as the only capture of a folder and gives what can be seen of it. */
async function opened(folder: string, name: string, bytes: Uint8Array) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
  const library = await CaptureLibrary.open(folder);
  const [listed] = await library.list();
  if (listed === undefined) throw new Error('the capture is not listed');
  await library.whole(listed.id);
  const summary = library.summary(listed.id);
  const { rows } = await (await library.session(listed.id)).reader.rows({ lane: 'blocks', from: 0, to: 100 });
  const records = await all(library.records(listed.id));
  await library.close();
  if (summary === null) throw new Error('the capture has no summary');
  return { listed, summary, rows, records };
}

describe('a capture file', () => {
  test('that was cut at any byte opens with what is whole, and says how many bytes are left out', {
    timeout: 60_000,
  }, async () => {
    const { name, bytes } = await sampleFile();
    const folder = await temporaryFolder();
    const ends = new Set<number>();
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const { summary, records, rows } = await opened(folder, name, bytes.subarray(0, cut));
      const kept = records.slice(0, -1);
      expect(kept).toEqual(fewRecords.slice(0, kept.length));
      expect(records.at(-1)).toMatchObject({
        kind: 'end',
        reason: 'premature-close',
        error: { code: 'RECORDING_STOPPED' },
      });
      expect(summary).toMatchObject({ phase: 'ended', bytes: bodyOf(kept).length });
      expect(summary.warnings).toEqual(ofCode('recording-stopped'));
      expect(rows.map(({ range }) => range)).toEqual(derive(records).blocks.map(({ range }) => range));
      const torn = summary.warnings.find(({ code }) => code === 'torn-tail');
      if (torn === undefined) ends.add(cut);
      else expect(torn.message).toContain(`${cut - Math.max(0, ...ends)} byte`);
    }
    // Cut after the mark, the header or any record but the last, nothing is torn: `extra` has a frame of its own.
    expect(ends.size).toBe(1 + 1 + 1 + fewRecords.length);
  });

  test('with any one bit flipped never shows bytes that were not received', { timeout: 60_000 }, async () => {
    const { name, bytes } = await sampleFile();
    const folder = await temporaryFolder();
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const { summary, records } = await opened(folder, name, damaged);
      expect(records.slice(0, -1)).toEqual(fewRecords.slice(0, records.length - 1));
      expect(summary.warnings.some(({ code }) => code === 'damaged' || code === 'torn-tail')).toBe(true);
      expect(summary.end).toMatchObject({ reason: 'premature-close' });
    }
  });

  test('with other content is listed and opens as damaged', async () => {
    const folder = await temporaryFolder();
    const { summary } = await opened(
      folder,
      '20260102-030405678-0123456789.capture',
      Buffer.from('<html>'.repeat(100)),
    );
    expect(summary).toMatchObject({ startedAt: '2026-01-02T03:04:05.678Z', bytes: 0 });
    expect(summary.warnings).toEqual(ofCode('damaged'));
  });
});

describe('a file whose checksums are right but whose content is not what this program writes', () => {
  const mark = Buffer.from('SSECAP1\n');
  /** A frame with a right checksum, whatever is in it. */
  const frame = (kind: number, payload: Buffer | string): Buffer => {
    const bytes = Buffer.from(payload);
    const head = Buffer.alloc(9);
    head.writeUInt32LE(bytes.length, 0);
    head.writeUInt8(kind, 4);
    head.writeUInt32LE(crc32(bytes, (bytes.length ^ (kind << 29)) >>> 0), 5);
    return Buffer.concat([head, bytes]);
  };
  const json = (kind: number, value: unknown): Buffer => frame(kind, JSON.stringify(value));
  const good = json(0, { header, origin: 'connection' });
  const chunkFrame = (at: number, read: number, wireBytes: number): Buffer => {
    const facts = Buffer.alloc(24);
    for (const [place, value] of [at, read, wireBytes].entries()) facts.writeDoubleLE(value, place * 8);
    return frame(2, Buffer.concat([facts, Buffer.from('data: x\n\n')]));
  };
  const wrong: readonly (readonly [string, readonly Buffer[]])[] = [
    ['a header that is null', [json(0, null)]],
    ['a header without a request', [json(0, { header: { ...header, request: 7 }, origin: 'file' })]],
    [
      'a header with headers of numbers',
      [json(0, { header: { ...header, request: { ...header.request, headers: [[1, 2]] } }, origin: 'file' })],
    ],
    ['a header from nowhere', [json(0, { header, origin: 'elsewhere' })]],
    ['a header that is no JSON', [frame(0, '{')]],
    ['a second header', [good, good]],
    [
      'a response without headers',
      [good, json(1, { kind: 'response', at: 1, status: 200, httpVersion: '' })],
    ],
    ['a response whose headers are a string', [good, json(1, { ...response, headers: 'content-type' })]],
    ['a response with a time that is a word', [good, json(1, { ...response, at: 'soon' })]],
    ['a response that is an end', [good, json(1, complete)]],
    ['a note without fields', [good, json(3, { kind: 'note', at: 1, note: 'log' })]],
    ['a note with fields that are a list', [good, json(3, { kind: 'note', at: 1, note: 'log', fields: [] })]],
    ['a note that is null', [good, json(3, null)]],
    [
      'a note that is nested deep',
      [
        good,
        frame(
          3,
          `{"kind":"note","at":1,"note":"log","fields":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
        ),
      ],
    ],
    ['an end for a reason unheard of', [good, json(4, { ...complete, reason: 'tired' })]],
    ['an end with an error that is a word', [good, json(4, { ...complete, reason: 'error', error: 'no' })]],
    ['an end beyond all times', [good, frame(4, '{"kind":"end","at":1e999,"reason":"complete"}')]],
    ['an extra that is a list', [good, json(5, []), chunkFrame(1, 0, 9)]],
    ['an extra before no chunk', [good, json(5, {}), json(4, complete)]],
    ['a chunk at no time', [good, chunkFrame(Number.POSITIVE_INFINITY, 0, 9)]],
    ['a chunk of no read', [good, chunkFrame(1, Number.NaN, 9)]],
    ['a chunk of less than nothing', [good, chunkFrame(1, 0, -9)]],
  ];

  test.each(wrong)('%s: opens as damaged, with what is before it', async (_what, frames) => {
    const before = frames[0] === good && frames.length === 3 ? [] : [chunkFrame(1, 0, 9)];
    const bytes = Buffer.concat([mark, ...frames.slice(0, 1), ...before, ...frames.slice(1)]);
    const folder = await temporaryFolder();
    const { summary, records } = await opened(folder, '20260102-030405678-0123456789.capture', bytes);
    expect(summary.warnings).toEqual(ofCode('damaged'));
    expect(summary.warnings.map(({ code }) => code)).not.toContain('internal');
    expect(records.at(-1)).toMatchObject({ kind: 'end', error: { code: 'RECORDING_STOPPED' } });
    const isHeaderGood = frames[0] === good;
    expect(records).toHaveLength(isHeaderGood ? before.length + 1 : 1);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

/** More of them find more: `KILL_ROUNDS=500 vitest run test/main/captures/promises.test.ts`. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 12);

describe('a recording that is killed', () => {
  test('has everything that was shown, at whatever moment', { timeout: 30_000 + rounds * 5000 }, async () => {
    const seed = Date.now() % 100_000;
    console.log(`seed ${seed}`);
    for (let round = 0; round < rounds; round += 1) {
      const folder = await temporaryFolder();
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'recording-child.ts'), folder, String(seed + round)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines = createInterface({ input: child.stdout });
      // So many lines of its own choosing, then no mercy.
      const patience = 1 + ((seed * 7919 + round * 104_729) % 150);
      let shown = '';
      let count = 0;
      lines.on('line', (line) => {
        shown = line;
        count += 1;
        if (count === patience) child.kill('SIGKILL');
      });
      await once(lines, 'close');
      const [id = '', chunks = '', bytes = ''] = shown.split(' ');
      const library = await CaptureLibrary.open(folder);
      const [listed] = await library.list();
      expect(listed).toMatchObject({
        id,
        phase: 'stored',
        end: { reason: 'premature-close' },
        warnings: ofCode('recording-stopped'),
      });
      if (listed === undefined) throw new Error('the capture is not listed');
      await library.whole(listed.id);
      const summary = library.summary(listed.id);
      expect(summary?.rows.chunks).toBeGreaterThanOrEqual(Number(chunks));
      expect(summary?.bytes).toBeGreaterThanOrEqual(Number(bytes));
      expect(summary?.warnings.some(({ code }) => code === 'damaged')).toBe(false);
      const body = Buffer.from(bodyOf(await all(library.records(listed.id)))).toString();
      const events = body.split('\n\n').slice(0, -1);
      for (const [read, event] of events.entries())
        expect(event.startsWith(`data: {"read":${read},`)).toBe(true);
      expect(events.length).toBe(summary?.dispatched);
      await library.close();
    }
  });
});

describe('a full disk', () => {
  /** Many times what the small disks below hold. */
  const stream = (count: number): CaptureRecord[] =>
    Array.from({ length: count }, (_, read) => chunk(`data: ${read} ${'x'.repeat(2000)}\n\n`, read, read));

  test('is shown at once, keeps what there is, and loses nothing when there is room again', async () => {
    const folder = await temporaryFolder();
    let room = 100_000;
    const limited = async (path: string): Promise<AppendFile> => {
      const file = await createFile(path);
      return {
        close: () => file.close(),
        async writev(pieces) {
          if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          const taken = Buffer.concat(pieces).subarray(0, room);
          room -= taken.length;
          return file.writev([taken]);
        },
      };
    };
    const library = await openLibrary(folder, { createFile: limited, retryAfter: 1 });
    const live = await library.create(header, options);
    const records = [response, ...stream(200), complete];
    for (const record of records) void live.sink(record);
    await until(library, () => (library.summary(live.id)?.warnings.length ?? 0) > 0);
    const full = library.summary(live.id);
    expect(full).toMatchObject({ phase: 'streaming', warnings: ofCode('disk-full') });
    expect(full?.warnings[0]?.message).toMatch(/waits in memory.* lost if the recording ends first/);
    // What was received before can be read, from disk.
    const { rows } = await (await library.session(live.id)).reader.rows({ lane: 'blocks', from: 0, to: 10 });
    expect(rows[3]?.preview.text).toMatch(/^3 xxx/);

    room = Number.POSITIVE_INFINITY;
    await until(library, () => library.summary(live.id)?.phase === 'ended');
    expect(library.summary(live.id)).toMatchObject({ dispatched: 200, warnings: [] });
    expect(await all(library.records(live.id))).toEqual(records);
  });

  test('that is still full when the recording ends causes a warning about the lost bytes', async () => {
    let full = false;
    const failing = async (path: string): Promise<AppendFile> => {
      const file = await createFile(path);
      return {
        close: () => file.close(),
        writev: (pieces) =>
          full
            ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
            : file.writev([...pieces]),
      };
    };
    const library = await openLibrary(await temporaryFolder(), { createFile: failing });
    const live = await library.create(header, options);
    full = true;
    void live.sink(chunk('data: lost\n\n', 1));
    await until(library, () => library.summary(live.id)?.warnings[0]?.code === 'disk-full');
    const lost = await live.close();
    expect(lost).toBeGreaterThan(0);
    expect(library.summary(live.id)?.warnings[0]?.message).toBe(
      `The last ${lost} bytes of the recording are lost, because the disk is full.`,
    );
  });

  test('holds the stream back before memory grows without bound', async () => {
    let full = true;
    let failures = 0;
    let failedOften = (): void => {};
    const retried = new Promise<void>((resolve) => {
      failedOften = resolve;
    });
    const failing = async (path: string): Promise<AppendFile> => {
      const file = await createFile(path);
      let headerWritten = false;
      return {
        close: () => file.close(),
        async writev(pieces) {
          if (full && headerWritten) {
            failures += 1;
            if (failures === 3) failedOften();
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          }
          headerWritten = true;
          return file.writev([...pieces]);
        },
      };
    };
    const library = await openLibrary(await temporaryFolder(), { createFile: failing, retryAfter: 1 });
    const live = await library.create(header, options);
    let taken = 0;
    let room: Promise<void> | void;
    const big = new Uint8Array(100_000);
    for (;;) {
      room = live.sink(chunk(big, taken, taken));
      taken += 1;
      if (room !== undefined) break;
    }
    expect(taken).toBeLessThan(100);
    const outcome = await Promise.race([room.then(() => 'went on'), retried.then(() => 'held back')]);
    expect(outcome).toBe('held back');
    full = false;
    await room;
    await live.sink(complete);
    await until(library, () => library.summary(live.id)?.phase === 'ended');
    expect(library.summary(live.id)).toMatchObject({ bytes: taken * big.length, warnings: [] });
  });

  test.skipIf(!canMount())('is survived on a real file system of 1 MiB', async () => {
    const folder = await temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    onTestFinished(() => void execFileSync('umount', ['-l', folder]));
    const ballast = await open(join(folder, 'ballast'), 'w');
    await ballast.write(new Uint8Array(512 * 1024));
    await ballast.close();
    const library = await CaptureLibrary.open(folder);
    const live = await library.create(header, options);
    const records = [response, ...stream(400), complete];
    for (const record of records) void live.sink(record);
    await until(library, () => (library.summary(live.id)?.warnings.length ?? 0) > 0);
    expect(library.summary(live.id)?.warnings).toEqual(ofCode('disk-full'));
    // 400 events are about 800 kB: they fit when the ballast is gone.
    await rm(join(folder, 'ballast'));
    await until(library, () => library.summary(live.id)?.phase === 'ended');
    expect(await all(library.records(live.id))).toEqual(records);
    await library.close();
    expect(await readdir(folder)).toHaveLength(2);
  });
});

/** Whether this process may mount a file system: root with the right to, as in most containers that run tests. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
