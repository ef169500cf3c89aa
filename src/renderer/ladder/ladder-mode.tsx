import { visibleText } from '../../core/text/visible-text.ts';
import { exactWhenText } from '../format/time.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useLadder } from '../state/ladder.ts';
import { usePreferences } from '../state/preferences.ts';
import { Icon } from '../widgets/icon.tsx';
import { serverWords, targetOf } from '../state/own-server.ts';
import { runWords } from './rung-words.ts';
import './ladder-mode.css';

/** Switches the ladder between the lab and the user's server. Shows which saved run is open, if any. */
export function LadderMode() {
  const kept = useLadder((state) => state.kept);
  const phase = useLadder((state) => state.phase);
  const ladder = usePreferences((state) => state.ladder);
  if (kept !== null) {
    return (
      <p className="kept" title={`Run of ${exactWhenText(kept.startedAt)}`}>
        <span>
          {visibleText(runWords(kept))}, {exactWhenText(kept.startedAt).slice(0, 16)}
        </span>
        <button
          type="button"
          className="button quiet square small"
          aria-label="Back to the newest run"
          title="Back to the newest run"
          onClick={() => useLadder.getState().open(null)}
        >
          <Icon name="close" size={12} />
        </button>
      </p>
    );
  }
  const choose = (on: 'lab' | 'target'): void => {
    usePreferences.getState().change({ ladder: { ...ladder, on } });
    if (on === 'target' && targetOf(ladder) === null) useDialogs.getState().show({ kind: 'own-server' });
  };
  return (
    <div className="ladder-mode">
      <span className="switch" role="group" aria-label="Server that the ladder tests">
        <button
          type="button"
          aria-pressed={ladder.on === 'lab'}
          disabled={phase !== 'idle'}
          onClick={() => choose('lab')}
        >
          Lab
        </button>
        <button
          type="button"
          aria-pressed={ladder.on === 'target'}
          disabled={phase !== 'idle'}
          onClick={() => choose('target')}
        >
          Your server
        </button>
      </span>
      {ladder.on === 'target' && (
        <button
          type="button"
          className="server row-link"
          disabled={phase !== 'idle'}
          title="Change the URLs of your server"
          onClick={() => useDialogs.getState().show({ kind: 'own-server' })}
        >
          {visibleText(serverWords(ladder))}
        </button>
      )}
    </div>
  );
}
