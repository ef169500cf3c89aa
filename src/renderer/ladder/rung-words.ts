import type { RungNumber } from '../../core/rungs.ts';
import type { LadderRun } from '../../contract/ladder-run.ts';
import { assertNever } from '../../core/assert-never.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import type { RungStage, RungView } from '../state/rung-view.ts';
import { quantityText } from '../format/quantity.ts';

/** The subject of a saved run: `Lab`, or the host of the tested server. */
export function runWords({ target }: Pick<LadderRun, 'target'>): string {
  if (target === null) return 'Lab';
  const [first] = target;
  const origins = new Set(target.map(({ url }) => (URL.canParse(url) ? new URL(url).host : url)));
  if (first === undefined) return 'A server';
  return origins.size > 1 ? `${[...origins][0]} and ${origins.size - 1} more` : ([...origins][0] ?? '');
}

/** The check whose evidence summarises a passed rung best. */
const tellingCheck: { readonly [R in RungNumber]: RegExp | null } = {
  1: null,
  2: null,
  3: /^raw-at-every-split$/,
  4: null,
  5: /^documents-equal-what-was-sent$/,
  6: null,
  7: /^context-everywhere$/,
};

/** The label of a stage. */
export function stageWord(stage: RungStage): string {
  switch (stage) {
    case 'idle':
      return 'not run yet';
    case 'waiting':
      return 'waiting';
    case 'running':
      return 'running';
    case 'passed':
    case 'failed':
    case 'skipped':
      return stage;
    default:
      return assertNever(stage);
  }
}

/**
 * The outcome of a rung, in one line.
 * @param isBelowFailed a rung below has failed
 */
export function rungOutcome(view: RungView, isBelowFailed: boolean): string {
  switch (view.stage) {
    case 'idle':
    case 'waiting':
      return stageWord(view.stage);
    case 'running':
      return view.checks.length === 0
        ? 'running…'
        : `running… ${countOf(view.checks.length, 'check')} so far`;
    case 'passed':
      return passedWords(view);
    case 'failed':
      return failedWords(view);
    case 'skipped':
      return isBelowFailed ? 'not reached' : visibleText(view.reason ?? 'skipped');
    default:
      return assertNever(view.stage);
  }
}

function passedWords(view: RungView): string {
  const { rung, checks, timing } = view;
  if (rung === 1 && timing !== null) return `${timing.arrivals.length} of ${timing.yields.length} events`;
  if (rung === 2) return 'EventSource, fetch()';
  if (rung === 4 && timing !== null) return `at most ${quantityText(longestDelay(view), 'ms')} late`;
  if (rung === 6 && timing !== null) {
    const isScripted = checks.some(({ evidence }) =>
      evidence.some(({ text }) => text.includes('scripted model')),
    );
    return `${countOf(timing.arrivals.length, 'event')}${isScripted ? ', scripted model' : ''}`;
  }
  const telling = tellingCheck[rung];
  const found = telling === null ? undefined : checks.find(({ name }) => telling.test(name));
  const clause = /^[^:,]+/.exec(found?.evidence[0]?.text ?? '')?.[0];
  return visibleText(clause ?? countOf(checks.length, 'check'));
}

/** The delay if a buffer held events back, else the evidence of the first failed check. */
function failedWords(view: RungView): string {
  const failed = view.checks.filter(({ passed }) => !passed);
  const delay = longestDelay(view);
  if (view.rung === 4 && failed.some(({ name }) => name === 'nothing-waits') && delay > 0)
    return `held back ${quantityText(delay, 'ms')}`;
  const evidence = failed[0]?.evidence;
  // The first piece is the figures; where there are more, the next says what is wrong with them.
  return visibleText(evidence?.[0]?.text ?? 'failed');
}

/** The longest time from a yield to its arrival, in ms; 0 if there is none. */
export function longestDelay({ timing }: Pick<RungView, 'timing'>): number {
  if (timing === null) return 0;
  return timing.yields.reduce((most, at, n) => Math.max(most, (timing.arrivals[n] ?? at) - at), 0);
}
