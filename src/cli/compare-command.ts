import { inputFormat } from './capture-input.ts';
import { readComparedCapture } from './compared-capture.ts';
import { printComparison, printComparisonRecords } from './comparison-report.ts';
import { ExitStatus, usageFailure } from './exit-status.ts';
import { parseOptions } from './parse-options.ts';
import type { RunCommand } from './program.ts';

/** `compare A B…`: aligns the events of captures by content, each with those of A. */
export const compare: RunCommand = async (args, { output, tell }) => {
  const { values, positionals } = parseOptions(args, {
    format: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const format = inputFormat(values.format);
  if (positionals.length < 2) throw usageFailure('two files are needed: compare A B…');
  if (positionals.filter((path) => path === '-').length > 1)
    throw usageFailure('standard input can be read once');
  const asTable = output.isTerminal && !values.json;
  const [first = '', ...others] = positionals;
  const a = await readComparedCapture({ path: first, format }, tell);
  let isEqual = true;
  for (const [index, path] of others.entries()) {
    const b = await readComparedCapture({ path, format }, tell);
    const place = others.length > 1 ? { comparison: index } : {};
    isEqual =
      (await (asTable ? printComparison(output, a, b) : printComparisonRecords(output, a, b, place))) &&
      isEqual;
  }
  return isEqual ? ExitStatus.done : ExitStatus.failed;
};
