import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type LadderTarget, ladderTarget } from '../contract/ladder-target.ts';
import { rungNumbers } from '../core/rungs.ts';
import { fileFailure, displayPath, usageFailure } from './command-failure.ts';

/**
 * Reads `--target`: one URL for all rungs, a URL for each rung in order, or a file with the request of each rung.
 * @throws CommandFailure
 */
export async function readTarget(given: readonly string[]): Promise<LadderTarget> {
  const [first, ...more] = given;
  if (first === undefined || first === '') throw usageFailure('--target needs a URL or a file');
  if (more.length === 0) return (await isFile(first)) ? readTargetFile(first) : { url: first };
  if (given.length > rungNumbers.length)
    throw usageFailure(`--target takes at most ${rungNumbers.length} URLs, one for each rung`);
  return { rungs: Object.fromEntries(given.map((url, index) => [String(index + 1), url])) };
}

/** Whether it is a file. A name like one counts even if the file is missing, so that the error says so. */
async function isFile(text: string): Promise<boolean> {
  if (/^https?:\/\//i.test(text)) return false;
  if (/\.json$/i.test(text) && !text.includes(':')) return true;
  return stat(text).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function readTargetFile(path: string): Promise<LadderTarget> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileFailure('read', path, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageFailure(`${displayPath(path)} is not JSON: ${why}`);
  }
  const parsed = ladderTarget.safeParse(value);
  if (parsed.success) return parsed.data;
  throw usageFailure(`${displayPath(path)} is not a ladder target: ${z.prettifyError(parsed.error)}`);
}
