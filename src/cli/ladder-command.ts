import { join, resolve } from 'node:path';
import {
  ladderBreakNames,
  type LadderProgress,
  type LadderResult,
  type RungResult,
} from '../contract/ladder.ts';
import { type RungNumber, rungNumbers } from '../core/rungs.ts';
import { assertNever } from '../core/assert-never.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { startLab } from '../main/lab/lab.ts';
import { localBrowser } from '../main/browser/chromium-browser.ts';
import { type LadderOptions, runLadder } from '../main/ladder/lab/lab-ladder.ts';
import type { LadderSetting } from '../main/ladder/lab/lab-rung.ts';
import type { RungUpstream } from '../main/ladder/lab/rung-upstream.ts';
import { type StarterName, starterNames, writeStarter } from '../main/ladder/starter.ts';
import { runTargetLadder } from '../main/ladder/target/target-ladder.ts';
import { upstreamFromEnvironment } from '../main/ladder/lab/rung-upstream.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, usageFailure } from './command-failure.ts';
import type { Output } from './output.ts';
import { readTarget } from './ladder-target.ts';
import {
  flag,
  outputOptions,
  notWith,
  oneOf,
  optional,
  type OptionValues,
  repeatable,
  text,
  type ValueType,
  wholeNumber,
} from './option.ts';
import { type Line, mark, styled } from './styled-text.ts';
import { untilStopped } from './until-stopped.ts';

const oneRung: ValueType<RungNumber> = {
  parse: (text, option) => wholeNumber(1, rungNumbers.length).parse(text, option) as RungNumber,
};

/** Refuses an option that is only for the lab. */
const forLab = notWith('target', 'starter');

const declaredOptions = {
  target: repeatable({
    placeholder: 'URL|FILE',
    type: text,
    refusal: notWith('starter'),
    help: 'your server: one URL for all rungs, a URL for each rung in order, or a JSON file with the request of each rung (docs/ladder-target.md)',
  }),
  starter: optional({
    placeholder: 'NAME',
    type: oneOf(starterNames),
    help: 'write an example server with all seven rungs into a new FOLDER',
  }),
  rung: repeatable({
    placeholder: 'N',
    type: oneRung,
    refusal: notWith('starter'),
    help: 'run only this rung',
  }),
  break: optional({
    placeholder: 'FAULT',
    type: oneOf(ladderBreakNames),
    refusal: forLab,
    help: 'break a rung on purpose, to see it fail',
  }),
  delay: optional({
    placeholder: 'MS',
    type: wholeNumber(20, 10_000),
    refusal: forLab,
    help: 'time between the yields of rung 4; by default 250',
  }),
  'base-url': optional({
    placeholder: 'URL',
    type: text,
    refusal: forLab,
    help: 'OpenAI-compatible API that rung 6 calls instead of the scripted model. OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL are used as well; options override them',
  }),
  model: optional({ placeholder: 'NAME', type: text, refusal: forLab, help: 'model that rung 6 calls' }),
  api: optional({
    placeholder: 'NAME',
    type: oneOf(['chat', 'responses']),
    refusal: forLab,
    help: 'API that rung 6 calls, by default chat',
  }),
  scripted: flag({ refusal: forLab, help: 'always use the scripted model' }),
  ...outputOptions,
};

export const command = defineCommand({
  summary:
    'Runs the seven rungs against the built-in lab, or against your server. Exit status 1 if one fails.',
  usages: [
    { arguments: [] },
    { option: 'target', arguments: ['[URL…]'] },
    { option: 'starter', arguments: ['FOLDER'] },
  ],
  options: declaredOptions,
  run: (given, program) =>
    given.options.starter === undefined
      ? ladder(given, program)
      : starter(given.options.starter, given, program),
});

async function ladder(
  { arguments: more, options, asTable }: CommandInput<typeof declaredOptions>,
  { output }: Program,
): Promise<ExitStatus> {
  const { delay, break: fault = null } = options;
  const rungs = options.rung.length === 0 ? undefined : options.rung;
  const target = options.target.length === 0 ? null : await readTarget([...options.target, ...more]);
  const upstream = options.scripted || target !== null ? null : upstreamOf(options);

  const stopped = untilStopped();
  const signal = AbortSignal.any([stopped.signal, output.closed]);
  const onProgress = asTable ? table(output) : ndjson(output);
  const browser = browserFor(rungs);
  try {
    const result =
      target === null
        ? await climbLab({ rungs, break: fault, browser, upstream, delay, signal, onProgress })
        : await runTargetLadder({ target, rungs, browser, signal, onProgress });
    await output.flush();
    return result.passed ? ExitStatus.done : ExitStatus.failed;
  } finally {
    stopped.release();
  }
}

async function climbLab(options: Omit<LadderOptions, 'lab'>): Promise<LadderResult> {
  const lab = await startLab();
  try {
    return await runLadder({ lab, ...options });
  } finally {
    await lab.close();
  }
}

/** Writes an example server and prints how to start it. */
async function starter(
  name: StarterName,
  { arguments: [path = ''], asTable }: CommandInput<typeof declaredOptions>,
  { output, projectFolder }: Program,
): Promise<ExitStatus> {
  const folder = resolve(path);
  const { files, steps } = await writeStarter(name, folder, join(projectFolder, 'resources', 'starters'));
  if (asTable) {
    await output.write(`${files.map((file) => visibleText(join(folder, file))).join('\n')}\n\n`);
    await output.write(`${steps.map((step) => `  ${step}`).join('\n')}\n`);
  } else await output.writeJson(JSON.stringify({ kind: 'starter', name, folder, files, steps }));
  await output.flush();
  return ExitStatus.done;
}

function browserFor(rungs: readonly RungNumber[] | undefined): LadderSetting['browser'] {
  if (rungs !== undefined && !rungs.includes(2)) return { missing: 'rung 2 is not selected' };
  return localBrowser(process.env);
}

/** The model to call. Options override environment variables. */
function upstreamOf(values: OptionValues<typeof declaredOptions>): RungUpstream | null {
  const environment = {
    ...process.env,
    ...(values['base-url'] === undefined ? {} : { OPENAI_BASE_URL: values['base-url'] }),
    ...(values.model === undefined ? {} : { OPENAI_MODEL: values.model }),
  };
  const upstream = upstreamFromEnvironment(environment);
  if (upstream === null) {
    if (values.model !== undefined || values.api !== undefined) {
      throw usageFailure('--model and --api need a real model: set OPENAI_API_KEY, or give --base-url');
    }
    return null;
  }
  return { ...upstream, api: values.api ?? 'chat' };
}

type ShowProgress = (progress: LadderProgress) => void;

/** Prints each progress record as NDJSON; the last one is the result. */
function ndjson(output: Output): ShowProgress {
  return (progress) => void output.writeJson(JSON.stringify(progress)).catch(() => {});
}

/** Prints a line for each rung and each check, with the evidence of failed ones. */
function table(output: Output): ShowProgress {
  const write = (line: Line): void => void output.writeLine(line, 8).catch(() => {});
  return (progress) => {
    switch (progress.kind) {
      case 'rung-started':
      case 'capture':
      case 'check':
        return;
      case 'rung':
        for (const line of rungLines(progress.result)) write(line);
        return;
      case 'result':
        write([
          progress.passed
            ? styled('green', 'passed')
            : styled('red', progress.stopped ? 'stopped' : 'failed'),
        ]);
        return;
      default:
        assertNever(progress);
    }
  };
}

function rungLines({ rung, name, state, reason, checks, unchecked = [], duration }: RungResult): Line[] {
  const time = state === 'skipped' ? (reason ?? '') : `${duration.toFixed(0)} ms`;
  const lines: Line[] = [[mark(state), ` ${rung} ${name.padEnd(12)} ${state}  ${time}`]];
  for (const { passed, finding, title, evidence } of checks) {
    const [first] = evidence;
    const proof = first === undefined ? '' : ` (${first.text})`;
    const code = finding === undefined ? '' : `${finding}: `;
    lines.push(['    ', mark(passed ? 'passed' : 'failed'), ` ${code}${title}${proof}`]);
    if (!passed) for (const { text } of evidence.slice(1, 6)) lines.push(`        (${text})`);
  }
  for (const check of unchecked)
    lines.push(['    ', mark('skipped'), ` ${check.name} not checked: ${check.reason}`]);
  return lines;
}
