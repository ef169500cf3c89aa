import { exportCapture, exportFormatNames } from '../core/export/formats.ts';
import { formatOption, inputSource } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, displayPath, usageFailure } from './command-failure.ts';
import { writeOutputFile } from './output-file.ts';
import { flag, oneOf, optional, required, text, wholeNumber } from './option.ts';

const declaredOptions = {
  to: required({ placeholder: 'FORMAT', type: oneOf(exportFormatNames), help: 'the format to write' }),
  output: optional({
    short: 'o',
    placeholder: 'FILE',
    type: text,
    help: 'the file to write; without it standard output',
  }),
  capture: optional({
    placeholder: 'N',
    type: wholeNumber(1, 1_000_000),
    help: 'which capture of the file, from 1; needed if it holds several',
  }),
  'with-secrets': flag({ help: 'keep Authorization, Cookie and keys' }),
  format: formatOption,
};

export const command = defineCommand({
  summary: `Converts a capture; - is standard input. Secrets are redacted unless --with-secrets is given.
In CSV, cells that a spreadsheet would run as a formula begin with an apostrophe.`,
  usages: [{ arguments: ['FILE|-'] }],
  options: declaredOptions,
  run: exportFile,
});

async function exportFile(
  { arguments: [path = ''], options }: CommandInput<typeof declaredOptions>,
  { output, notify, version }: Program,
): Promise<ExitStatus> {
  const { to, capture: wanted, format } = options;
  const { source, count } = await inputSource({ path, format }, (wanted ?? 1) - 1, notify);
  if (wanted === undefined && count > 1) {
    throw usageFailure(
      `${displayPath(path)} holds ${count} captures: say which with --capture 1 to ${count}`,
    );
  }
  if (source === null)
    throw usageFailure(`${displayPath(path)} holds ${count} captures, so --capture ${wanted} is none`);
  const creator = { name: 'SSE Inspector', version };
  const pieces = exportCapture(source, to, { creator, withSecrets: options['with-secrets'] });
  if (options.output !== undefined) {
    await writeOutputFile(options.output, pieces);
    return ExitStatus.done;
  }
  for await (const piece of pieces) await output.write(piece);
  return ExitStatus.done;
}
