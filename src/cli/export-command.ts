import { exportCapture, exportFormatNames } from '../core/export/formats.ts';
import { inputFormat, inputSource } from './capture-input.ts';
import { ExitStatus, shown, usageFailure } from './command-failure.ts';
import { writeOutputFile } from './output-file.ts';
import { onlyArgument, oneOf, parseOptions, wholeNumber } from './parse-options.ts';
import type { RunCommand } from './program.ts';

/** `export FILE --to FORMAT`: converts a capture, without secrets unless asked for. */
export const exportFile: RunCommand = async (args, { output, tell, version }) => {
  const { values, positionals } = parseOptions(args, {
    to: { type: 'string' },
    output: { type: 'string', short: 'o' },
    capture: { type: 'string' },
    format: { type: 'string' },
    'with-secrets': { type: 'boolean', default: false },
  });
  const path = onlyArgument(positionals, 'a file (or "-" for standard input)');
  if (values.to === undefined) throw usageFailure(`--to is missing: one of ${exportFormatNames.join(', ')}`);
  const to = oneOf(values.to, '--to', exportFormatNames);
  const wanted = values.capture === undefined ? null : wholeNumber(values.capture, '--capture', 1, 1_000_000);
  const { source, count } = await inputSource(
    { path, format: inputFormat(values.format) },
    (wanted ?? 1) - 1,
    tell,
  );
  if (wanted === null && count > 1) {
    throw usageFailure(`${shown(path)} holds ${count} captures: say which with --capture 1 to ${count}`);
  }
  if (source === null)
    throw usageFailure(`${shown(path)} holds ${count} captures, so --capture ${wanted} is none`);
  const creator = { name: 'SSE Inspector', version };
  const pieces = exportCapture(source, to, { creator, withSecrets: values['with-secrets'] });
  if (values.output !== undefined) {
    await writeOutputFile(values.output, pieces);
    return ExitStatus.done;
  }
  for await (const piece of pieces) await output.write(piece);
  return ExitStatus.done;
};
