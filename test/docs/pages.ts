import { join } from 'node:path';
import { findingsCatalogue } from '../../src/core/findings/catalogue.ts';
import { expectationTable } from '../../src/core/expect/expectation.ts';
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
  const pages = [
    { path: join(docs, 'findings.md'), text: findingsCatalogue() },
    { path: join(docs, 'expectations.md'), text: expectationsPage() },
  ];
  if (haveDiagnosisCases) pages.push({ path: join(docs, 'diagnosis-cases.md'), text: diagnosisCasesPage() });
  return pages;
}

function expectationsPage(): string {
  return `# Expectations

\`check --expect EXPR\` holds a stream against what you expect of it. It may be given several times; each is a record in the output
and a test case in the JUnit report, and one that fails makes the exit status 1.

\`\`\`sh
sse-inspector check http://localhost:8000/chat --expect 'first-event<800ms' --expect 'gap.p95<2s' --expect 'finish=stop'
sse-inspector check capture.ssecap.ndjson --expect 'events>=5' --expect 'no:response-buffered' --junit report.xml
\`\`\`

An expectation is \`NAME OPERATOR VALUE\` or \`no:CODE\`.

- Operators are \`<\`, \`<=\`, \`>\`, \`>=\`, \`=\` (also \`==\`) and \`!=\`; texts know \`=\` and \`!=\` alone.
- A time needs its unit. Bytes, counts and rates may have one.
- \`no:CODE\` expects that a finding is not there; [findings.md](findings.md) lists the codes.
- What a capture does not tell (times of a raw file, the finish reason of a stream that is no model's) fails, and says why.

Names with underscores are those of OpenTelemetry's conventions for generative AI, which call an event of the stream a chunk. This page
is made from the code (\`npm run docs\`).

${expectationTable()}
`;
}
