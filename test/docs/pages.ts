import { join } from 'node:path';
import { findingsCatalogue } from '../../src/core/findings/catalogue.ts';

const docs = join(import.meta.dirname, '../../docs');

/** A page of docs/ that is made, and not written by hand. */
export interface MadePage {
  readonly path: string;
  readonly text: string;
}

/** Every page that is made from the code. */
export function pages(): readonly MadePage[] {
  return [{ path: join(docs, 'findings.md'), text: findingsCatalogue() }];
}
