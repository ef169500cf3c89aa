import { ActionButton } from '../actions/action-button.tsx';
import { useCaptures } from '../state/captures.ts';
import { OpenAsButton } from '../files/open-as-button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { CaptureList } from './capture-list.tsx';
import { LadderRunsFold } from './ladder-runs-fold.tsx';
import { useCaptureGroups } from '../state/capture-groups.ts';
import './captures.css';

/** All captures of the host, newest first; those that the ladder made folded away below the user's own. */
export function CapturesSection() {
  const { own, ofLadder } = useCaptureGroups();
  const listed = useCaptures((state) => state.listed);
  const problem = useCaptures((state) => state.listProblem);

  return (
    <section className="left-section captures" aria-label="Captures">
      <header>
        <h2>Captures</h2>
        <ActionButton id="open-file" className="button quiet square small" isNamed>
          <Icon name="folder" size={14} />
        </ActionButton>
        <OpenAsButton />
      </header>
      {problem !== null && (
        <p className="nothing problem" role="alert">
          {problem}{' '}
          <button type="button" className="button small" onClick={() => void useCaptures.getState().list()}>
            Try again
          </button>
        </p>
      )}
      <div className="lists">
        {own.length === 0 && problem === null && (
          <p className="nothing">{listed ? 'What you connect to or open is kept here.' : 'Reading…'}</p>
        )}
        {own.length > 0 && <CaptureList ids={own} label="Captures, newest first" />}
        {ofLadder.length > 0 && <LadderRunsFold ids={ofLadder} />}
      </div>
    </section>
  );
}
