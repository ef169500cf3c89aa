import { createWriteStream } from 'node:fs';
import { rename, stat, unlink } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileFailure } from './command-failure.ts';

/**
 * Writes a file from pieces. A regular file is replaced only when all is written, so that a file can be converted onto
 * itself. A pipe or a device is written to directly.
 * @throws CommandFailure (unreadable)
 */
export async function writeOutputFile(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const existing = await stat(path).catch(() => null);
  const isDirect = existing !== null && !existing.isFile();
  const target = isDirect ? path : `${path}.part-${process.pid}`;
  const stream = createWriteStream(target, { flags: isDirect ? 'w' : 'wx' });
  // `ended` is awaited later: until then its rejection must not end the process.
  const ended = finished(stream);
  ended.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      if (stream.errored !== null) break;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), ended]);
    }
    stream.end();
    await ended;
    if (!isDirect) await rename(target, path);
  } catch (error) {
    stream.destroy();
    if (!isDirect && !(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      await unlink(target).catch(() => undefined);
    }
    throw fileFailure('write', path, error);
  }
}
