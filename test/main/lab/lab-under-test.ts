import { afterEach } from 'vitest';
import type { LabEntry } from '../../../src/main/lab/lab-log.ts';
import { type Lab, startLab } from '../../../src/main/lab/lab.ts';

const open: Lab[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Starts a lab that is closed after the test. */
export async function labUnderTest(): Promise<Lab> {
  const started = await startLab();
  open.push(started);
  return started;
}

/** Resolves with the first kept or future entry that fits. */
export async function entry(lab: Lab, fits: (entry: LabEntry) => boolean): Promise<LabEntry> {
  const kept = lab.log.entries().find(fits);
  if (kept !== undefined) return kept;
  return new Promise((resolve) => {
    const stop = lab.log.listen((each) => {
      if (!fits(each)) return;
      stop();
      resolve(each);
    });
  });
}

/** The data of each event of a stream with LF line endings. */
export function dataOf(body: string): string[] {
  return body
    .split('\n\n')
    .map((block) => block.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : [])))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'));
}

/** A member of a JSON object. */
export function member(json: string | undefined, name: string): unknown {
  const value: unknown = JSON.parse(json ?? '');
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
