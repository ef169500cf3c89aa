import { useEffect, useState } from 'react';
import { rungNumbers } from '../../core/rungs.ts';
import type { LadderRunSummary } from '../../contract/ladder-run.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { deliver } from '../files/export-capture.ts';
import { exactWhenText } from '../format/time.ts';
import { useDialogs } from '../state/dialogs.ts';
import { callHost, notifyProblem, problemOf } from '../state/host.ts';
import { useLadder } from '../state/ladder.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { RungMark } from './rung-mark.tsx';
import { runWords } from './rung-words.ts';
import './kept-runs-dialog.css';

/** The saved runs of the ladder, newest first, to open or export. */
export function KeptRunsDialog() {
  const close = useDialogs((state) => state.close);
  const [runs, setRuns] = useState<readonly LadderRunSummary[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    callHost('ladder.runs', {}).then(setRuns, (error: unknown) => setProblem(problemOf(error)));
  }, []);
  return (
    <Dialog label="Saved ladder runs" className="kept-runs" onClose={close}>
      <h2>Saved runs</h2>
      {problem !== null && (
        <p className="problem" role="alert">
          {visibleText(problem)}
        </p>
      )}
      {problem === null && runs === null && <p className="dim">Reading…</p>}
      {runs?.length === 0 && <p className="dim">The ladder has not been run yet. Every run is saved here.</p>}
      {runs !== null && runs.length > 0 && (
        <ul aria-label="Runs, newest first" tabIndex={0}>
          {runs.map((run) => (
            <KeptRun key={run.id} run={run} />
          ))}
        </ul>
      )}
      <div className="choices">
        <button type="button" className="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function KeptRun({ run }: { readonly run: LadderRunSummary }) {
  const isIdle = useLadder((state) => state.phase === 'idle');
  const outcome = run.stopped ? 'stopped' : run.passed ? 'passed' : 'failed';
  const open = async (): Promise<void> => {
    useDialogs.getState().close();
    try {
      useLadder.getState().open(await callHost('ladder.open', { run: run.id }));
    } catch (error) {
      notifyProblem(error);
    }
  };
  const title = runWords(run);
  return (
    <li className="kept-run" aria-label={`${exactWhenText(run.startedAt)}, ${title}, ${outcome}`}>
      <span className="words">
        <span className="title">{visibleText(title)}</span>
        <small>
          {exactWhenText(run.startedAt).slice(0, 19)} · {outcome}
        </small>
      </span>
      <span className="marks">
        {rungNumbers.map((rung) => (
          <RungMark key={rung} rung={rung} stage={run.states[rung - 1] ?? 'skipped'} isBroken={false} />
        ))}
      </span>
      <button type="button" className="button small" disabled={!isIdle} onClick={() => void open()}>
        Open
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => void deliver(callHost('ladder.export', { run: run.id }))}
      >
        Export
      </button>
    </li>
  );
}
