import { createWriteStream } from 'node:fs';
import { rename, stat, unlink } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileFailure } from './command-failure.ts';

/**
 * Writes a file from pieces. A regular file appears whole or not at all, so that a file can be converted onto itself;
 * what is no regular file (a pipe, a device) is written to directly. Throws a `CommandFailure` (unreadable).
 */
export async function writeOutputFile(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const existing = await stat(path).catch(() => null);
  const isDirect = existing !== null && !existing.isFile();
  const target = isDirect ? path : `${path}.part-${process.pid}`;
  const stream = createWriteStream(target, { flags: isDirect ? 'w' : 'wx' });
  // `finished` tells of errors; this keeps them from ending the process before.
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
