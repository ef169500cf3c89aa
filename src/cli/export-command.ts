import { exportCapture, exportFormatNames } from '../core/export/formats.ts';
import { captureOption, chosenSource, formatOption } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus } from './command-failure.ts';
import { writeOutputFile } from './output-file.ts';
import { flag, oneOf, optional, required, text } from './option.ts';

const declaredOptions = {
  to: required({ placeholder: 'FORMAT', type: oneOf(exportFormatNames), help: 'output format' }),
  output: optional({
    short: 'o',
    placeholder: 'FILE',
    type: text,
    help: 'output file; by default standard output',
  }),
  capture: captureOption,
  'with-secrets': flag({ help: 'do not redact Authorization, Cookie and API keys' }),
  format: formatOption,
};

export const command = defineCommand({
  summary: `Converts a capture; - reads standard input. Secrets are redacted unless --with-secrets is given.
In CSV, an apostrophe is put before cells that a spreadsheet would run as a formula.`,
  usages: [{ arguments: ['FILE|-'] }],
  options: declaredOptions,
  run: exportFile,
});

async function exportFile(
  { arguments: [path = ''], options }: CommandInput<typeof declaredOptions>,
  { output, notify, version }: Program,
): Promise<ExitStatus> {
  const { to, capture: wanted, format } = options;
  const source = await chosenSource({ path, format }, wanted, notify);
  const creator = { name: 'SSE Inspector', version };
  const pieces = exportCapture(source, to, { creator, withSecrets: options['with-secrets'] });
  if (options.output !== undefined) {
    await writeOutputFile(options.output, pieces);
    return ExitStatus.done;
  }
  for await (const piece of pieces) await output.write(piece);
  return ExitStatus.done;
}
