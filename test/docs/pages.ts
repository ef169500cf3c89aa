import { join } from 'node:path';
import { findingsCatalogue } from '../../src/core/findings/catalogue.ts';
import { expectationTable } from '../../src/core/expect/expectation.ts';
import { haveDiagnosisCases } from '../fixtures/diagnosis-cases.ts';
import { diagnosisCasesPage } from './diagnosis-cases.ts';

const docs = join(import.meta.dirname, '../../docs');

/** A page of docs/ that is generated, not written by hand. */
export interface MadePage {
  readonly path: string;
  readonly text: string;
}

/** Every generated page: from the code, and from the labelled captures if they are on this machine. */
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

\`check --expect EXPR\` compares a stream with what you expect. You can give it several times. Each expectation is a record in the
output and a test case in the JUnit report. If one fails, the exit status is 1.

\`\`\`sh
sse-inspector check http://localhost:8000/chat --expect 'first-event<800ms' --expect 'gap.p95<2s' --expect 'finish=stop'
sse-inspector check capture.ssecap.ndjson --expect 'events>=5' --expect 'no:response-buffered' --junit report.xml
\`\`\`

An expectation is \`NAME OPERATOR VALUE\` or \`no:CODE\`.

- Operators are \`<\`, \`<=\`, \`>\`, \`>=\`, \`=\` (also \`==\`) and \`!=\`; texts have only \`=\` and \`!=\`.
- A time needs a unit. Bytes, counts and rates can have one.
- \`no:CODE\` expects that there is no such finding. [findings.md](findings.md) lists the codes.
- An expectation about something that the capture does not contain fails and says why. A raw file, for example, has no times, and a
  stream without a model has no finish reason.

Names with underscores come from OpenTelemetry's conventions for generative AI, which call an event of the stream a chunk. \`npm run docs\`
writes this page from the code.

${expectationTable()}
`;
}
