import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { visibleText } from '../detail/visible-text.ts';
import { exportCapture } from '../files/export-capture.ts';
import { exportFormatNames, exportFormats } from '../../core/export/formats.ts';
import { requestTitle } from '../format/request-title.ts';
import { whenText } from '../format/when.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useHost } from '../state/host.ts';
import { ladderEntries } from '../ladder/ladder-entries.ts';
import { tryEndpoint } from '../stage/try-endpoint.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { actionIds, actions, runAction, shortcutText } from './actions.ts';
import { search } from './palette-search.ts';
import './palette.css';

interface Entry {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly shortcut: string;
  readonly run: () => void;
}

/** Everything that can be done, found by typing: actions, rungs and breaks of the ladder, export formats, captures, endpoints of the lab. */
export function Palette() {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const entries = useMemo(() => allEntries(), []);
  const found = useMemo(() => search(entries, typed), [entries, typed]);
  const close = useDialogs((state) => state.close);

  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    close();
    // After the dialog has given the focus back, so that the action may move it.
    setTimeout(entry.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="All commands" className="palette" onClose={close}>
      <input
        autoFocus
        className="palette-input"
        role="combobox"
        aria-label="Find a command, a capture or an example"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[chosen] === undefined ? undefined : `palette-${chosen}`}
        placeholder="What would you like to do?"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id="palette-list" role="listbox" aria-label="Commands">
        {found.map((entry, index) => (
          <li
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setChosen(index)}
            onClick={() => run(entry)}
          >
            <span className="title">{entry.title}</span>
            <span className="hint">{entry.hint}</span>
            {entry.shortcut !== '' && <kbd>{entry.shortcut}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="none">Nothing fits “{typed}”.</p>}
    </Dialog>
  );
}

function allEntries(): readonly Entry[] {
  const { current, order, byId } = useCaptures.getState();
  const entries: Entry[] = [];
  for (const id of actionIds) {
    const action = actions[id];
    if (id === 'palette' || action.possible?.() === false) continue;
    entries.push({
      key: id,
      title: action.title,
      hint: action.group,
      shortcut: shortcutText(id),
      run: () => runAction(id),
    });
  }
  if (current !== null) {
    for (const format of exportFormatNames) {
      const { title, hint } = exportFormats[format];
      const run = (): void => void exportCapture(current, format, false);
      entries.push({ key: `export-${format}`, title: `Export: ${title}`, hint, shortcut: '', run });
    }
  }
  entries.push(...ladderEntries());
  for (const endpoint of useHost.getState().lab?.endpoints ?? []) {
    const run = (): void => tryEndpoint(endpoint);
    entries.push({
      key: `lab-${endpoint.id}`,
      title: `Try: ${endpoint.title}`,
      hint: endpoint.description,
      shortcut: '',
      run,
    });
  }
  for (const id of order) {
    const capture = byId.get(id);
    if (capture === undefined) continue;
    const { method, path, host } = requestTitle(capture.request);
    const title = visibleText(capture.name ?? `${method} ${path}`.trim());
    const hint = `${visibleText(host)} · ${whenText(capture.startedAt, new Date())}`;
    entries.push({ key: id, title, hint, shortcut: '', run: () => useCaptures.getState().show(id) });
  }
  return entries;
}
