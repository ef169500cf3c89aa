import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inProject } from '../../scripts/setup/project.mjs';
import { replayFaultNames, replayFaults } from '../../src/core/replay/fault.ts';
import { harshVariants } from '../../src/core/replay/harsh-variants.ts';
import { surveyed } from '../core/replay/replay-script.ts';
import { CaptureBuilder } from '../fixtures/capture-builder.ts';

const page = readFileSync(inProject('docs', 'replay.md'), 'utf8');
/** What the first columns of its tables name. */
const firstColumns = page.split('\n').filter((line) => line.startsWith('| `'));
const named = firstColumns.flatMap((line) =>
  [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
);

test('the page about replays names every fault, with its number and its default', () => {
  for (const name of replayFaultNames) {
    const { amount } = replayFaults[name];
    expect(named).toContain(amount === null ? name : `${name}:${amount.name}`);
    if (amount !== null)
      expect(firstColumns.find((line) => line.includes(`\`${name}:`))).toContain(
        `default ${amount.fallback}`,
      );
  }
});

test('the page about replays names every harsh variant, and what a client must do', async () => {
  const survey = await surveyed(new CaptureBuilder().response().chunk('data: a\n\n').end().records);
  const rows = page.slice(page.indexOf('| variant |'), page.indexOf('"Report an error"')).split('\n');
  for (const { name, expects } of harshVariants(survey)) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    expect(row, name).toMatch(
      expects === 'same' ? /print the same \|$/ : /print the same, or report an error \|$/,
    );
  }
});
