import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { givenFiles, secondStart } from '../../../src/main/electron/given-files.ts';

it('finds the files after the application’s folder, with any options for Chromium', () => {
  const argv = ['electron', '--no-sandbox', '/project', 'a.sse', '--some=option', '/tmp/b.har'];
  expect(givenFiles(argv, false, '/home/me')).toEqual([resolve('/home/me/a.sse'), resolve('/tmp/b.har')]);
});

it('finds the files after the executable in the packaged application', () => {
  expect(givenFiles(['sse-inspector', 'a.sse'], true, '/home/me')).toEqual([resolve('/home/me/a.sse')]);
  expect(givenFiles(['sse-inspector'], true, '/home/me')).toEqual([]);
});

it('accepts only lists of paths from a second instance', () => {
  expect(secondStart.safeParse({ files: ['/a'] }).success).toBe(true);
  for (const data of [null, undefined, {}, { files: '/a' }, { files: [1] }]) {
    expect(secondStart.safeParse(data).success).toBe(false);
  }
});
