import { replayOptions } from '../core/replay/harsh-variants.ts';
import type { Survival } from '../core/replay/survival.ts';
import { plural } from '../core/text/wording.ts';
import { type ResilienceRun, testResilience } from '../main/replay/resilience.ts';
import { captureOption, chosenSource, formatOption } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, displayPath, usageFailure } from './command-failure.ts';
import { outputOptions, repeatable, text, wholeNumber, withDefault } from './option.ts';
import { Printer, type View } from './printer.ts';
import type { Output } from './output.ts';
import { mark, styled } from './styled-text.ts';
import { untilStopped } from './until-stopped.ts';

const declaredOptions = {
  'max-time': withDefault({
    placeholder: 'S',
    type: wholeNumber(1, 3600),
    fallback: 30,
    help: 'seconds after which a run counts as hung',
  }),
  variant: repeatable({
    placeholder: 'NAME',
    type: text,
    help: 'run this variant alone, such as one-byte; by default all',
  }),
  capture: captureOption,
  format: formatOption,
  ...outputOptions,
};

export const command = defineCommand({
  summary: `Runs a command against harsh replays of a capture, and compares what it prints on standard output with what it prints without harm. {url} in the command stands for the address of the replay. Exit status 1 if a variant breaks it.
Where all bytes arrive, the command must print the same. Where some do not, it may instead end with an exit status other than 0, but not as if nothing had happened.`,
  usages: [{ arguments: ['FILE', '-- COMMAND…'] }],
  options: declaredOptions,
  run: resilience,
});

async function resilience(
  { arguments: [path = '', ...words], options, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify }: Program,
): Promise<ExitStatus> {
  if (!words.some((word) => word.includes('{url}')))
    throw usageFailure('Put {url} into the command, where the address of the replay belongs');
  const { 'max-time': seconds, variant: only, capture, format } = options;
  const source = await chosenSource({ path, format }, capture, notify);
  const stopped = untilStopped();
  try {
    const signal = AbortSignal.any([stopped.signal, output.closed]);
    const runs = testResilience(source, { command: words, limit: seconds * 1000, only, signal });
    return await printRuns(runs, displayPath(path), { output, notify }, asTable);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    notify('Stopped');
    return ExitStatus.failed;
  } finally {
    stopped.release();
  }
}

async function printRuns(
  runs: AsyncIterable<ResilienceRun>,
  path: string,
  { output, notify }: Pick<Program, 'output' | 'notify'>,
  asTable: boolean,
): Promise<ExitStatus> {
  const printer = new Printer(output, runView, asTable);
  const passed: string[] = [];
  const failed: string[] = [];
  const skipped: string[] = [];
  for await (const item of runs) {
    const names = item.kind === 'skipped' ? skipped : item.verdict.passed ? passed : failed;
    names.push(item.harsh.name);
    await printer.print(item);
    if (asTable && names === failed) await printHint(item, path, output);
    await output.flush();
  }
  const survived = failed.length === 0;
  if (!asTable)
    await output.writeJson(
      JSON.stringify({ kind: 'result', passed: survived, broken: failed, survived: passed, skipped }),
    );
  await output.flush();
  const count = passed.length + failed.length;
  notify(
    survived
      ? `The command survives all of ${plural(count, 'variant')}`
      : `The command breaks in ${failed.length} of ${plural(count, 'variant')}: ${failed.join(', ')}`,
  );
  return survived ? ExitStatus.done : ExitStatus.failed;
}

/** What the variant did, and how to do it again by hand. */
async function printHint(item: ResilienceRun, path: string, output: Output): Promise<void> {
  const { description, variant } = item.harsh;
  await output.writeLine(['    ', description], 4);
  await output.writeLine(
    ['    ', styled('dim', `sse-inspector replay ${path} ${replayOptions(variant)}`)],
    4,
  );
}

/** How a verdict reads in the table. */
const survivalText: Readonly<Record<Survival, string>> = {
  same: 'same',
  reported: 'reported',
  differs: 'differs',
  unnoticed: 'unnoticed',
  failed: 'failed',
  hung: 'hung',
};

const runView: View<ResilienceRun> = {
  columns: [
    { title: 'variant', width: 25 },
    { title: 'result', width: 11 },
    { title: 'why', width: 0 },
  ],
  json(item) {
    const { name, expects, variant } = item.harsh;
    const common = { kind: item.kind, variant: name, expects, replay: replayOptions(variant) };
    if (item.kind === 'skipped') return JSON.stringify({ ...common, reason: item.reason });
    const { status, signal, ms } = item.run;
    return JSON.stringify({ ...common, ...item.verdict, status, signal, ms: Math.round(ms) });
  },
  cells(item) {
    const { name } = item.harsh;
    if (item.kind === 'skipped') return [name, [mark('skipped'), ' skipped'], item.reason];
    const { survival, passed, evidence } = item.verdict;
    return [name, [mark(passed ? 'passed' : 'failed'), ` ${survivalText[survival]}`], evidence];
  },
};
