import type { Finding } from '../../src/core/findings/finding.ts';
import { type DiagnosisCase, diagnosisCases, findingsOf, mistakes } from '../fixtures/diagnosis-cases.ts';
import { liveCases } from '../fixtures/live-cases.ts';

/** A page in Markdown: each labelled capture, what must be found in it, and what is. */
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

Captures of scripted token streams through real servers, proxies and frameworks on loopback, each labelled with what must be found in
it, and what the rules find. Made by \`npm run docs\` from labelled captures that are not part of this repository; a test fails where
this page differs from what the rules find now.

${right.length} of ${cases.length} captures are judged right. ${healthy.length} of them are healthy: none of these has a warning or an error. In a
broken one every expected code is found, and no other warning or error. An information (\`info\`) is allowed anywhere.

| case | server and setting | expected | found | right |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Live

The same kind of stream through servers that the test suite starts on this machine: \`test/main/diagnosis/live.test.ts\` fails where an
expected code is not found, or another warning or error is. Each has 120 tokens, one each 20 ms, where nothing else is said.

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
