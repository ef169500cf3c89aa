import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importCaptureFile } from '../../../src/main/host/imports.ts';
import { openLibrary, temporaryFolder } from '../captures/capture-fixture.ts';

const head =
  '{"format":"ssecap","version":1,"request":{"method":"GET","url":"http://a/","headers":[],"client":"raw"},"startedAt":"2026-01-02T03:04:05Z"}\n';
const end = '{"kind":"end","at":1,"reason":"complete"}\n';

async function imported(content: string | Uint8Array) {
  const folder = await temporaryFolder();
  const library = await openLibrary(join(folder, 'captures'));
  const path = join(folder, 'given');
  await writeFile(path, content);
  return { library, path, result: importCaptureFile(library, path) };
}

test('what stands after the end of a capture is left out and said, however much it is', async () => {
  const more = '{"kind":"chunk","at":2,"read":0,"wireBytes":1,"text":"x"}\n'.repeat(20_000);
  const { library, result } = await imported(head + end + more);
  const { captures, problems, problemCount } = await result;
  expect(captures).toHaveLength(1);
  expect([problems.length, problemCount]).toEqual([1, 1]);
  expect(problems[0]?.message).toContain('20000 records');
  expect((await library.list())[0]).toMatchObject({ bytes: 0, end: { reason: 'complete' } });
});

test('no more than some of what is wrong with a file is kept, and all of it counted', async () => {
  const { result } = await imported(head + 'x\n'.repeat(50_000) + end);
  const { problems, problemCount } = await result;
  expect(problems.length).toBeLessThanOrEqual(100);
  expect(problemCount).toBe(50_000);
});

test('a file that is none of ours is refused at its beginning, without being read to its end', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(join(folder, 'captures'));
  const path = join(folder, 'large');
  // Sparse: 64 GiB of nothing.
  execFileSync('truncate', ['-s', '64G', path]);
  await expect(importCaptureFile(library, path)).rejects.toMatchObject({ code: 'bad-file' });
});

test('what is no file is refused instead of being waited for', async ({ skip }) => {
  skip(process.platform === 'win32', 'has no named pipes in folders');
  const folder = await temporaryFolder();
  const library = await openLibrary(join(folder, 'captures'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  for (const given of [path, folder, '/dev/zero']) {
    await expect(importCaptureFile(library, given)).rejects.toMatchObject({ code: 'bad-file' });
  }
});
