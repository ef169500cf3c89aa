// @ts-check
// `npm test [-- STEP… [FILTER…]]`: sets up what is missing, then checks everything, or the steps named (format, lint,
// types, build, unit, e2e). All steps run, even if one fails. The last line has the totals.
import { duration } from './setup/announce.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { nodeRuntime } from './setup/node-runtime.mjs';
import { runAsCommand, SetupProblem } from './setup/problem.mjs';
import { realParts } from './testing/real-parts.mjs';
import { steps } from './testing/steps.mjs';

await runAsCommand(async () => {
  const names = new Set(steps.map((step) => step.name));
  const given = process.argv.slice(2);
  const chosen = steps.filter((step) => given.length === 0 || given.includes(step.name));
  if (chosen.length === 0) {
    throw new SetupProblem(`Unknown step: ${given.join(' ')}. Steps are ${[...names].join(', ')}.`);
  }
  const filters = given.filter((argument) => !names.has(argument));

  const node = await nodeRuntime();
  await installDependencies(node);
  if (chosen.some((step) => step.name === 'unit' || step.name === 'e2e')) await realParts();

  const total = {
    passed: 0,
    /** @type {string[]} */ failed: [],
    /** @type {{ name: string, reason: string }[]} */ skipped: [],
  };
  const lines = [];
  for (const step of chosen) {
    console.log(`\n── ${step.name} ──`);
    const began = performance.now();
    const failedBefore = total.failed.length;
    try {
      const tally = await step.run(node, filters);
      total.passed += tally?.passed ?? 0;
      total.failed.push(...(tally?.failed ?? []));
      total.skipped.push(...(tally?.skipped ?? []));
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      if (error.details !== '') console.log(error.details.trimEnd());
      total.failed.push(`${step.name}: ${error.message}`);
    }
    const mark = total.failed.length === failedBefore ? '✓' : '✗';
    lines.push(`${mark} ${step.name.padEnd(7)} ${duration(performance.now() - began)}`);
    console.log(lines.at(-1));
  }

  // All on one stream, so that the totals stay the last line.
  console.log(`\n${lines.join('\n')}`);
  if (total.skipped.length > 0) {
    console.log(
      `\nSkipped:\n${total.skipped.map(({ name, reason }) => `  ${name}\n    ${reason}`).join('\n')}`,
    );
  }
  if (total.failed.length > 0) {
    console.log(
      `\nFailed (a step without tests counts as one):\n${total.failed.map((name) => `  ${name}`).join('\n')}`,
    );
  }
  console.log(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
  return total.failed.length === 0 ? 0 : 1;
});
