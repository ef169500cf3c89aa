import { ladderRungs, type RungNumber, rungNumbers } from '../../core/rungs.ts';
import type { KeyboardEvent } from 'react';
import { ladderBreaks } from '../../contract/ladder.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { visibleText } from '../../core/text/visible-text.ts';
import { type LadderState, useLadder } from '../state/ladder.ts';
import { idleRung } from '../state/rung-view.ts';
import { usePreferences } from '../state/preferences.ts';
import { LabLogLink } from '../lab-log/lab-log-link.tsx';
import { Icon } from '../widgets/icon.tsx';
import { LadderMode } from './ladder-mode.tsx';
import { RungMark } from './rung-mark.tsx';
import { rungOutcome, stageWord } from './rung-words.ts';
import './ladder.css';

/** The ladder at the top of the left pane: seven rungs with their states, and the button that runs them. */
export function LadderSection() {
  const problem = useLadder((state) => state.problem);
  const said = useLadder(ladderWords);
  return (
    <section className="left-section ladder" aria-label="Ladder">
      <header>
        <h2>Ladder</h2>
        <ActionButton id="kept-runs" className="button quiet square small" isNamed>
          <Icon name="history" size={14} />
        </ActionButton>
        <RunButton />
      </header>
      <LadderMode />
      <ArmedBreak />
      {problem !== null && (
        <p className="nothing problem" role="alert">
          {visibleText(problem)}
        </p>
      )}
      <p className="unseen" role="status">
        {said}
      </p>
      <ol className="rungs" aria-label="Rungs" onKeyDown={onKeyDown}>
        {rungNumbers.map((rung) => (
          <RungItem key={rung} rung={rung} />
        ))}
      </ol>
      <LabLogLink />
    </section>
  );
}

function RunButton() {
  const phase = useLadder((state) => state.phase);
  const runs = phase === 'running' || phase === 'stopping';
  return (
    <ActionButton
      id={runs ? 'ladder-stop' : 'ladder-run'}
      className="button small run"
      disabled={phase === 'starting' || phase === 'stopping'}
      isNamed
    >
      <Icon name={runs ? 'stop' : 'play'} size={11} />
      {phase === 'stopping' ? 'Stopping' : runs ? 'Stop' : 'Run'}
    </ActionButton>
  );
}

/** The break that is switched on for the next run, if any. */
function ArmedBreak() {
  const armed = useLadder((state) => state.armed);
  const isOnLab = usePreferences((state) => state.ladder.on === 'lab');
  if (armed === null || !isOnLab) return null;
  return (
    <p className="armed">
      <span>
        Next run breaks rung {ladderBreaks[armed].rung}: <strong>{armed}</strong>
      </span>
      <button
        type="button"
        className="button quiet square small"
        aria-label={`Switch off the break ${armed}`}
        title="Switch off the break"
        onClick={() => useLadder.getState().arm(null)}
      >
        <Icon name="close" size={12} />
      </button>
    </p>
  );
}

function RungItem({ rung }: { readonly rung: RungNumber }) {
  const view = useLadder((state) => state.byRung.get(rung)) ?? idleRung(rung);
  const isBelowFailed = useLadder((state) => hasFailedBelow(state, rung));
  const isShown = useLadder((state) => state.shown === rung);
  const outcome = rungOutcome(view, isBelowFailed);
  const title = ladderRungs[rung].title;
  const word = stageWord(view.stage);
  const state = outcome.startsWith(word) ? outcome : `${word}, ${outcome}`;
  const broken = view.break === null ? '' : `, broken on purpose with ${view.break}`;
  return (
    <li>
      <button
        type="button"
        className={`rung ${view.stage}${view.break === null ? '' : ' is-broken'}`}
        aria-current={isShown}
        title={`${title}: ${outcome}${broken}`}
        onClick={() => useLadder.getState().show(isShown ? null : rung)}
      >
        <RungMark rung={rung} stage={view.stage} isBroken={view.break !== null} />
        <span className="unseen">{`Rung ${rung}, ${title}: ${state}${broken}`}</span>
        <span className="words" aria-hidden="true">
          <span className="title">{title}</span>
          <small>
            {view.break !== null && <span className="tag">{view.break}</span>}
            <span className="outcome">{outcome}</span>
          </small>
        </span>
      </button>
    </li>
  );
}

/** Whether a rung below has failed. */
function hasFailedBelow({ byRung }: Pick<LadderState, 'byRung'>, rung: RungNumber): boolean {
  return rungNumbers.some((below) => below < rung && byRung.get(below)?.stage === 'failed');
}

/** The state of the whole ladder, announced by screen readers when it changes. */
function ladderWords({ phase, byRung, outcome }: LadderState): string {
  const running = [...byRung.values()].find(({ stage }) => stage === 'running');
  if (phase !== 'idle')
    return running === undefined ? 'The ladder is starting' : `Rung ${running.rung} is running`;
  if (outcome === null) return '';
  if (outcome.stopped) return 'The ladder was stopped';
  const failed = [...byRung.values()].find(({ stage }) => stage === 'failed');
  if (outcome.passed || failed === undefined) return 'The ladder passed';
  return `Rung ${failed.rung} failed${failed.break === null ? '' : ', because it was broken on purpose'}`;
}

/** Arrow keys move between rungs. */
function onKeyDown(event: KeyboardEvent<HTMLOListElement>): void {
  const rungs = [...event.currentTarget.querySelectorAll<HTMLElement>('.rung')];
  const at = rungs.findIndex((rung) => rung === document.activeElement);
  let next = -1;
  if (event.key === 'ArrowDown') next = Math.min(rungs.length - 1, at + 1);
  else if (event.key === 'ArrowUp') next = Math.max(0, at - 1);
  else if (event.key === 'Home') next = 0;
  else if (event.key === 'End') next = rungs.length - 1;
  if (next === -1 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  rungs[next]?.focus();
}
