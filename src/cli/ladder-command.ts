import { join, resolve } from 'node:path';
import {
  type Evidence,
  ladderBreakNames,
  type LadderProgress,
  type LadderResult,
  type RungNumber,
  type RungResult,
} from '../contract/ladder.ts';
import { assertNever } from '../core/assert-never.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { startLab } from '../main/lab/lab.ts';
import { localProbe } from '../main/browser/chromium-probe.ts';
import { type LadderOptions, runLadder } from '../main/ladder/ladder.ts';
import type { LadderSetting, RungUpstream } from '../main/ladder/rung.ts';
import { starterNames, writeStarter } from '../main/ladder/starter.ts';
import { runTargetLadder } from '../main/ladder/target/target-ladder.ts';
import { upstreamFromEnvironment } from '../main/ladder/upstream-environment.ts';
import { ExitStatus, refusalFailure, usageFailure } from './command-failure.ts';
import type { Output } from './output.ts';
import { readTarget } from './ladder-target.ts';
import { noArgument, oneOf, onlyArgument, parseOptions, wholeNumber } from './parse-options.ts';
import type { Program, RunCommand } from './program.ts';
import { untilStopped } from './until-stopped.ts';

/**
 * `ladder`: climbs the seven rungs against a lab of its own, or against the server that `--target` names; fails where one
 * of them does. With `--starter` it writes such a server instead.
 */
export const ladder: RunCommand = async (args, program) => {
  const { output } = program;
  const { values, positionals } = parseOptions(args, {
    rung: { type: 'string', multiple: true },
    break: { type: 'string' },
    delay: { type: 'string' },
    target: { type: 'string', multiple: true },
    starter: { type: 'string' },
    'base-url': { type: 'string' },
    model: { type: 'string' },
    api: { type: 'string' },
    scripted: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  if (values.starter !== undefined) {
    refuseBeside('--starter', values, ['target', 'rung', 'break', 'delay', 'base-url', 'model', 'api']);
    return starter(values.starter, positionals, program, output.isTerminal && !values.json);
  }
  if (values.target === undefined) noArgument('ladder', positionals);
  else refuseBeside('--target', values, ['break', 'delay', 'base-url', 'model', 'api', 'scripted']);
  const rungs = values.rung?.map((text) => wholeNumber(text, '--rung', 1, 7) as RungNumber);
  const fault = values.break === undefined ? null : oneOf(values.break, '--break', ladderBreakNames);
  const delay = values.delay === undefined ? undefined : wholeNumber(values.delay, '--delay', 20, 10_000);
  const upstream = values.scripted || values.target !== undefined ? null : upstreamOf(values);
  const target = values.target === undefined ? null : await readTarget([...values.target, ...positionals]);

  const stopped = untilStopped();
  const signal = AbortSignal.any([stopped.signal, output.closed]);
  const asTable = output.isTerminal && !values.json;
  const onProgress = asTable ? table(output) : ndjson(output);
  const probe = browserFor(rungs);
  try {
    const result =
      target === null
        ? await climbLab({ rungs, break: fault, probe, upstream, delay, signal, onProgress })
        : await runTargetLadder({ target, rungs, probe, signal, onProgress });
    await output.flush();
    return result.passed ? ExitStatus.done : ExitStatus.failed;
  } catch (error) {
    throw refusalFailure(error);
  } finally {
    stopped.release();
  }
};

async function climbLab(options: Omit<LadderOptions, 'lab'>): Promise<LadderResult> {
  const lab = await startLab();
  try {
    return await runLadder({ lab, ...options });
  } finally {
    await lab.close();
  }
}

/** Options that mean nothing beside another one: better refused than ignored. */
function refuseBeside(
  option: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const given = names.find((name) => values[name] !== undefined && values[name] !== false);
  if (given !== undefined) throw usageFailure(`--${given} cannot be used with ${option}`);
}

/** Writes a server to begin with, and says what to do with it. */
async function starter(
  text: string,
  positionals: readonly string[],
  { output, projectFolder }: Program,
  asTable: boolean,
): Promise<ExitStatus> {
  const name = oneOf(text, '--starter', starterNames);
  const folder = resolve(onlyArgument(positionals, 'the folder to write the starter to'));
  try {
    const { files, steps } = await writeStarter(name, folder, join(projectFolder, 'resources', 'starters'));
    if (asTable) {
      await output.write(`${files.map((file) => visibleText(join(folder, file))).join('\n')}\n\n`);
      await output.write(`${steps.map((step) => `  ${step}`).join('\n')}\n`);
    } else await output.writeJson(JSON.stringify({ kind: 'starter', name, folder, files, steps }));
    await output.flush();
    return ExitStatus.done;
  } catch (error) {
    throw refusalFailure(error);
  }
}

function browserFor(rungs: readonly RungNumber[] | undefined): LadderSetting['probe'] {
  if (rungs !== undefined && !rungs.includes(2)) return { missing: 'it was not asked for' };
  return localProbe(process.env);
}

/** What the options say of the model, over what the environment does. */
function upstreamOf(values: {
  'base-url'?: string | undefined;
  model?: string | undefined;
  api?: string | undefined;
}): RungUpstream | null {
  const api = values.api === undefined ? 'chat' : oneOf(values.api, '--api', ['chat', 'responses']);
  const environment = {
    ...process.env,
    ...(values['base-url'] === undefined ? {} : { OPENAI_BASE_URL: values['base-url'] }),
    ...(values.model === undefined ? {} : { OPENAI_MODEL: values.model }),
  };
  const upstream = upstreamFromEnvironment(environment);
  if (upstream === null) {
    if (values.model !== undefined || values.api !== undefined) {
      throw usageFailure(
        '--model and --api are for a real model: give OPENAI_API_KEY in the environment, or --base-url',
      );
    }
    return null;
  }
  return { ...upstream, api };
}

type Show = (progress: LadderProgress) => void;

/** Every piece of news a line; the last is the result. */
function ndjson(output: Output): Show {
  return (progress) => void output.writeJson(JSON.stringify(progress)).catch(() => {});
}

/** A line for each rung and each check, and the evidence of those that failed. */
function table(output: Output): Show {
  const write = (text: string): void => void output.write(`${text}\n`).catch(() => {});
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
        write(progress.passed ? 'passed' : progress.stopped ? 'stopped' : 'failed');
        return;
      default:
        assertNever(progress);
    }
  };
}

const marks = { passed: '✓', failed: '✗', skipped: '–' } as const;

function rungLines({ rung, name, state, reason, checks, unchecked = [], duration }: RungResult): string[] {
  const time = state === 'skipped' ? visibleText(reason ?? '') : `${duration.toFixed(0)} ms`;
  const lines = [`${marks[state]} ${rung} ${name.padEnd(12)} ${state}  ${time}`];
  for (const check of checks) {
    const first = check.evidence[0];
    lines.push(
      `    ${marks[check.passed ? 'passed' : 'failed']} ${check.finding === undefined ? '' : `${check.finding}: `}${check.title}${first === undefined ? '' : ` ${quiet(first)}`}`,
    );
    if (!check.passed) for (const each of check.evidence.slice(1, 6)) lines.push(`        ${quiet(each)}`);
  }
  for (const check of unchecked)
    lines.push(`    ${marks.skipped} ${check.name} not checked: ${visibleText(check.reason)}`);
  return lines;
}

function quiet({ text }: Evidence): string {
  return `(${visibleText(text)})`;
}
