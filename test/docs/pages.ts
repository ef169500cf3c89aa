import { join } from 'node:path';
import { findingsCatalogue } from '../../src/core/findings/catalogue.ts';
import { haveDiagnosisCases } from '../fixtures/diagnosis-cases.ts';
import { diagnosisCasesPage } from './diagnosis-cases.ts';

const docs = join(import.meta.dirname, '../../docs');

/** A page of docs/ that is made, and not written by hand. */
export interface MadePage {
  readonly path: string;
  readonly text: string;
}

/** Every page that is made from the code, and from labelled captures where they are on this machine. */
export function pages(): readonly MadePage[] {
  const pages = [{ path: join(docs, 'findings.md'), text: findingsCatalogue() }];
  if (haveDiagnosisCases) pages.push({ path: join(docs, 'diagnosis-cases.md'), text: diagnosisCasesPage() });
  return pages;
}
