import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from './pages.ts';

test.each(pages().map((page) => [basename(page.path), page] as const))(
  'docs/%s is up to date (npm run docs writes it again)',
  (_name, { path, text }) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);
