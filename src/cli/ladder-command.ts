import {
  type Evidence,
  ladderBreakNames,
  type LadderProgress,
  type RungNumber,
  type RungResult,
} from '../contract/ladder.ts';
import { assertNever } from '../core/assert-never.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { startLab } from '../main/lab/lab.ts';
import { localProbe } from '../main/ladder/chromium-probe.ts';
import { runLadder } from '../main/ladder/ladder.ts';
import type { LadderSetting, RungUpstream } from '../main/ladder/rung.ts';
import { upstreamFromEnvironment } from '../main/ladder/upstream-environment.ts';
import { ExitStatus, usageFailure } from './exit-status.ts';
import type { Output } from './output.ts';
import { noArgument, oneOf, parseOptions, wholeNumber } from './parse-options.ts';
import type { RunCommand } from './program.ts';
import { refusalFailure } from './refusal-failure.ts';
import { untilStopped } from './until-stopped.ts';

/** `ladder`: climbs the seven rungs against a lab of its own; fails where one of them does. */
export const ladder: RunCommand = async (args, { output }) => {
  const { values, positionals } = parseOptions(args, {
    rung: { type: 'string', multiple: true },
    break: { type: 'string' },
    delay: { type: 'string' },
    'base-url': { type: 'string' },
    model: { type: 'string' },
    api: { type: 'string' },
    scripted: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  noArgument('ladder', positionals);
  const rungs = values.rung?.map((text) => wholeNumber(text, '--rung', 1, 7) as RungNumber);
  const fault = values.break === undefined ? null : oneOf(values.break, '--break', ladderBreakNames);
  const delay = values.delay === undefined ? undefined : wholeNumber(values.delay, '--delay', 20, 10_000);
  const upstream = values.scripted ? null : upstreamOf(values);

  const stopped = untilStopped();
  const signal = AbortSignal.any([stopped.signal, output.closed]);
  const asTable = output.isTerminal && !values.json;
  const show = asTable ? table(output) : ndjson(output);
  const lab = await startLab();
  try {
    const onProgress = (progress: LadderProgress): void => show(progress);
    const probe = browserFor(rungs);
    const result = await runLadder({ lab, rungs, break: fault, probe, upstream, delay, signal, onProgress });
    await output.flush();
    return result.passed ? ExitStatus.done : ExitStatus.failed;
  } catch (error) {
    throw refusalFailure(error);
  } finally {
    await lab.close();
    stopped.release();
  }
};

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

function rungLines({ rung, name, state, reason, checks, duration }: RungResult): string[] {
  const time = state === 'skipped' ? visibleText(reason ?? '') : `${duration.toFixed(0)} ms`;
  const lines = [`${marks[state]} ${rung} ${name.padEnd(12)} ${state}  ${time}`];
  for (const check of checks) {
    const first = check.evidence[0];
    lines.push(
      `    ${marks[check.passed ? 'passed' : 'failed']} ${check.title}${first === undefined ? '' : ` ${quiet(first)}`}`,
    );
    if (!check.passed) for (const each of check.evidence.slice(1, 6)) lines.push(`        ${quiet(each)}`);
  }
  return lines;
}

function quiet({ text }: Evidence): string {
  return `(${visibleText(text)})`;
}
