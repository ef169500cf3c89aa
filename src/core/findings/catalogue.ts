import { ladderRungs } from '../rungs.ts';
import { ruleOf } from './diagnose.ts';
import { findingCodes } from './finding.ts';
import type { Rule } from './rule.ts';

/** The catalogue of all findings as a Markdown page, generated from the rules. */
export function findingsCatalogue(): string {
  const sections = findingCodes.map((code) => section(ruleOf(code)));
  return `# Findings

What \`check\`, \`inspect --as findings\` and the window's Diagnose view can say about a stream. This page is made from the
rules in \`src/core/findings/rules\` (\`npm run docs\`): edit them, not it.

A rule gives evidence or stays silent. \`error\`: the stream failed. \`warning\`: it works, but not as it should. \`info\`: worth
knowing; a healthy stream can have some. Each finding keeps three things apart: what was observed, what may have caused it, and the
request that would decide.

| code | rung | users call it |
| --- | --- | --- |
${findingCodes.map((code) => overview(ruleOf(code))).join('\n')}

${sections.join('\n\n')}
`;
}

function overview({ code, rung, known }: Rule): string {
  return `| [\`${code}\`](#${code}) | ${rung} ${ladderRungs[rung].title} | ${cell(known)} |`;
}

function section({ code, rung, severity, known, recognised, causes, advice, decider }: Rule): string {
  const lines = [
    `## ${code}`,
    '',
    `Rung ${rung} (${ladderRungs[rung].title}), ${severity}. ${known}`,
    '',
    `- **Recognised by:** ${recognised}`,
    ...(causes === undefined || causes.length === 0 ? [] : [`- **May be caused by:** ${causes.join(' ')}`]),
    `- **What to do:** ${advice}`,
    ...(decider === undefined
      ? []
      : [
          `- **What would decide:** ${decider.text}${decider.probe === null ? '' : ` (probe \`${decider.probe}\`)`}`,
        ]),
  ];
  return lines.join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
