import { ladderRungs, type RungNumber } from '../../core/rungs.ts';
import { useEffect, useRef } from 'react';
import { ladderBreaks } from '../../contract/ladder.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { runAction } from '../actions/actions.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { useCaptures } from '../state/captures.ts';
import { useLadder } from '../state/ladder.ts';
import { idleRung, type RungView } from '../state/rung-view.ts';
import { usePreferences } from '../state/preferences.ts';
import { quantityText } from '../format/quantity.ts';
import { Icon } from '../widgets/icon.tsx';
import { useEscape } from '../widgets/use-escape.ts';
import { ModelForm } from './model-form.tsx';
import { RungBreaks } from './rung-breaks.tsx';
import { RungChecks } from './rung-checks.tsx';
import { RungMark } from './rung-mark.tsx';
import { RungRuns } from './rung-runs.tsx';
import { stageWord } from './rung-words.ts';
import './rung-panel.css';

/** A rung: its description, its checks, its runs and its breaks. */
export function RungPanel({ rung }: { readonly rung: RungNumber }) {
  const panel = useRef<HTMLElement>(null);
  const about = useLadder((state) => state.rungs.find((each) => each.rung === rung));
  const view = useLadder((state) => state.byRung.get(rung)) ?? idleRung(rung);
  const kept = useLadder((state) => state.kept);
  const on = usePreferences((state) => state.ladder.on);
  /** The results are from the lab, not from the user's server. */
  const isOnLab = kept === null ? on === 'lab' : kept.target === null;

  useEscape(() => runAction('ladder-leave'));
  useEffect(() => {
    // In braces: newer Chromium returns a promise, which React would take for a clean-up function.
    panel.current?.scrollTo({ top: 0 });
  }, [rung]);

  return (
    <main ref={panel} className="middle rung-panel" aria-label={`Rung ${rung}, ${ladderRungs[rung].title}`}>
      <PanelHead view={view} proves={about?.proves ?? ''} />
      <PanelState view={view} />
      <div className="columns">
        <div className="column">
          <section className="panel-part">
            <h3>The step</h3>
            <p className="idea">{about?.idea ?? ''}</p>
          </section>
          <RungChecks view={view} />
        </div>
        <div className="column">
          {rung === 6 && isOnLab && <ModelForm />}
          <RungRuns key={rung} view={view} />
          {isOnLab && <RungBreaks breaks={about?.breaks ?? []} />}
        </div>
      </div>
    </main>
  );
}

function PanelHead({ view, proves }: { readonly view: RungView; readonly proves: string }) {
  const { rung, stage, duration } = view;
  const phase = useLadder((state) => state.phase);
  const hasCapture = useCaptures((state) => state.current !== null);
  const isOnLab = usePreferences((state) => state.ladder.on === 'lab');
  const armed = useLadder((state) =>
    isOnLab && state.armed !== null && ladderBreaks[state.armed].rung === rung ? state.armed : null,
  );
  const back = hasCapture ? 'Back to the capture' : 'Back';
  return (
    <header className="panel-head">
      <RungMark rung={rung} stage={stage} isBroken={view.break !== null} />
      <div className="words">
        <h2>
          <span className="dim">Rung {rung}</span> {ladderRungs[rung].title}
          <span className={`state ${stage}${view.break === null ? '' : ' is-broken'}`}>
            {stageWord(stage)}
            {duration !== null && stage !== 'skipped' && ` in ${quantityText(duration, 'ms')}`}
          </span>
        </h2>
        <p>{proves}</p>
      </div>
      <button
        type="button"
        className="button"
        disabled={phase !== 'idle'}
        title={armed === null ? 'Run this rung only' : `Run this rung only, broken with ${armed}`}
        onClick={() => runAction('ladder-run-rung')}
      >
        <Icon name="play" size={13} />
        {armed === null ? 'Run this rung' : `Run with ${armed}`}
      </button>
      {(phase === 'running' || phase === 'stopping') && (
        <ActionButton id="ladder-stop" disabled={phase === 'stopping'}>
          <Icon name="stop" size={13} /> {phase === 'stopping' ? 'Stopping…' : 'Stop'}
        </ActionButton>
      )}
      <button
        type="button"
        className="button quiet square"
        aria-label={back}
        title={`${back} (Esc)`}
        onClick={() => runAction('ladder-leave')}
      >
        <Icon name="close" size={15} />
      </button>
    </header>
  );
}

/** Notes above the checks: a problem, that the rung was broken on purpose, or why it was skipped. */
function PanelState({ view }: { readonly view: RungView }) {
  const problem = useLadder((state) => state.problem);
  const { stage, reason } = view;
  return (
    <>
      {problem !== null && (
        <div className="panel-note error" role="alert">
          <Icon name="warning" size={15} /> {visibleText(problem)}
        </div>
      )}
      {view.break !== null && (
        <div className="panel-note broken">
          <Icon name="warning" size={15} />
          <span>
            Broken on purpose with <strong>{view.break}</strong>: {ladderBreaks[view.break].description}
            {stage === 'failed' && ' It is expected to fail.'}
            {stage === 'passed' && ' It should have failed.'}
          </span>
        </div>
      )}
      {stage === 'skipped' && (
        <div className="panel-note">
          <span>Skipped: {visibleText(reason ?? 'no reason was given')}.</span>
        </div>
      )}
    </>
  );
}
