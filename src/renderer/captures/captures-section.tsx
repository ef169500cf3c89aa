import { useMemo, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { countOf, countText } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { OpenAsButton } from '../files/open-files.tsx';
import { Icon } from '../widgets/icon.tsx';
import { CaptureList } from './capture-list.tsx';
import { matchesSearch } from './capture-search.ts';
import { useCaptureGroups } from '../state/capture-groups.ts';
import './captures.css';

/** Captures from which on there is a field to search them. */
const searchableFrom = 6;

/** All captures, newest first. Captures made by the ladder are in a collapsed list below the others. */
export function CapturesSection() {
  const { own, ofLadder } = useCaptureGroups();
  const listed = useCaptures((state) => state.listed);
  const problem = useCaptures((state) => state.listProblem);
  const [search, setSearch] = useState('');
  const isSearchable = own.length >= searchableFrom;
  // The summaries of a stream change with each frame; what a search looks at does not.
  const found = useMemo(() => {
    const { byId } = useCaptures.getState();
    if (!isSearchable || search.trim() === '') return own;
    return own.filter((id) => {
      const summary = byId.get(id);
      return summary !== undefined && matchesSearch(summary, search.trim());
    });
  }, [own, isSearchable, search]);

  return (
    <section className="left-section captures" aria-label="Captures">
      <header>
        <h2>Captures</h2>
        <ActionButton id="open-file" className="button quiet square small" isNamed>
          <Icon name="folder" size={14} />
        </ActionButton>
        <OpenAsButton />
      </header>
      {isSearchable && (
        <div className="captures-search">
          <Icon name="search" size={13} />
          <input
            className="field"
            type="search"
            spellCheck={false}
            aria-label="Search the captures"
            placeholder="Search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || search === '') return;
              event.preventDefault();
              setSearch('');
            }}
          />
        </div>
      )}
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
          <p className="nothing">{listed ? 'Your captures appear here.' : 'Reading…'}</p>
        )}
        {found.length > 0 && <CaptureList ids={found} label="Captures, newest first" />}
        {found.length < own.length && (
          <p className="nothing" role="status">
            {`${countText(found.length)} of ${countOf(own.length, 'capture')} found`}
          </p>
        )}
        {ofLadder.length > 0 && <LadderRunsFold ids={ofLadder} />}
      </div>
    </section>
  );
}

/** The captures made by the ladder, collapsed by default, with a button to delete them all. */
function LadderRunsFold({ ids }: { readonly ids: readonly CaptureId[] }) {
  const [open, setOpen] = useState(false);
  // The current capture is always shown.
  const current = useCaptures((state) => state.current);
  const shown = open ? ids : ids.filter((id) => id === current);
  return (
    <div className="fold">
      <div className="fold-head">
        <button type="button" className="fold-switch" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="chevron" size={12} /> Ladder runs <span className="count">{countText(ids.length)}</span>
        </button>
        <button
          type="button"
          className="button quiet square small"
          aria-label="Delete all ladder runs"
          title="Delete all ladder runs…"
          onClick={() => useDialogs.getState().show({ kind: 'delete-ladder-runs' })}
        >
          <Icon name="close" size={12} />
        </button>
      </div>
      {shown.length > 0 && <CaptureList ids={shown} label="Ladder runs, newest first" />}
    </div>
  );
}
