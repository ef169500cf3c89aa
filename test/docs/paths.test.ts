import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from '../../scripts/setup/project.mjs';

/** Pages that lead to files of the project. */
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'];

/** A path in backquotes from the root; one with a word in capitals is a pattern. */
const sourcePath = /`((?:src|test|docs|scripts|resources)\/(?![^`]*[A-Z]{3})[\w./-]+)`/g;
const relativeLink = /\]\((?!https?:)([^)#]+)/g;

test.each(pages)('%s leads only to files and folders that exist', (page) => {
  const text = readFileSync(inProject(page), 'utf8');
  const paths = [
    ...[...text.matchAll(sourcePath)].map(([, path = '']) => inProject(path)),
    ...[...text.matchAll(relativeLink)].map(([, link = '']) => join(dirname(inProject(page)), link)),
  ];
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
