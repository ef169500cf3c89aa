import type { Finding } from '../../src/core/findings/finding.ts';
import { type DiagnosisCase, diagnosisCases, findingsOf, mistakes } from '../fixtures/diagnosis-cases.ts';
import { liveCases } from '../fixtures/live-cases.ts';

/** A page in Markdown: each labelled capture, the expected findings, and the actual ones. */
export function diagnosisCasesPage(): string {
  const cases = diagnosisCases().map((one) => {
    const found = findingsOf(one);
    return { one, found, wrong: mistakes(one, found) };
  });
  const healthy = cases.filter(({ one }) => one.healthy);
  const right = cases.filter(({ wrong }) => wrong.length === 0);
  const rows = cases.map(({ one, found, wrong }) => {
    return `| ${one.name} | ${cell(one.how)} | ${expectedText(one)} | ${foundText(found)} | ${wrong.length === 0 ? 'yes' : cell(wrong.join('; '))} |`;
  });
  return `# Diagnosis cases

Each row is a capture of a scripted token stream, taken on loopback through a real server, proxy or framework. It has a label that says
which findings are expected. \`npm run docs\` writes this page from these captures, which are not part of this repository. A test fails
if the rules find something else now.

${right.length} of ${cases.length} captures are judged correctly. ${healthy.length} of them are healthy: they may have no warning and no error. In
a broken one the rules must find every expected code, and no other warning or error. \`info\` findings are allowed everywhere.

| case | server and setting | expected | found | correct |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Live

\`test/main/diagnosis/live.test.ts\` starts these servers and sends the same kind of stream through them. It fails if the rules miss an
expected code, or find another warning or error. Unless stated otherwise, a stream has 120 tokens, one every 20 ms.

| case | server and setting | expected |
| --- | --- | --- |
${liveCases.map((one) => `| ${one.name} | ${cell(one.how)} | ${expectedText(one)} |`).join('\n')}
`;
}

function expectedText(one: Pick<DiagnosisCase, 'healthy' | 'expect'>): string {
  const codes = one.expect.map((code) => `\`${code}\``).join(' ');
  return `${one.healthy ? 'healthy' : 'broken'}${codes === '' ? '' : `: ${codes}`}`;
}

function foundText(found: readonly Finding[]): string {
  return found.map(({ code, severity }) => `\`${code}\` ${severity}`).join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
