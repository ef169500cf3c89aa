import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { search, type Findable } from './chooser-search.ts';
import { Dialog } from './dialog.tsx';
import { Dot, type Tone } from './dot.tsx';
import './chooser-dialog.css';

export interface ChooserEntry extends Findable {
  readonly key: string;
  /** Colour of a dot before the title. */
  readonly tone?: Tone;
  /** Shortcut of the entry; empty for none. */
  readonly shortcut?: string;
}

interface ChooserDialogProps<E extends ChooserEntry> {
  /** Accessible names of the dialog, its search field and its list. */
  readonly label: string;
  readonly searchLabel: string;
  readonly listLabel: string;
  readonly placeholder: string;
  readonly entries: readonly E[];
  /** Shown if there are no entries at all. */
  readonly empty?: string;
  readonly onClose: () => void;
  /** Called after `onClose`. */
  readonly onChoose: (entry: E) => void;
}

/** A searchable list to choose one entry from, with arrow keys and Enter or by click. */
export function ChooserDialog<E extends ChooserEntry>({ entries, empty, ...props }: ChooserDialogProps<E>) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const found = useMemo(() => search(entries, typed), [entries, typed]);

  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const choose = (entry: E | undefined): void => {
    if (entry === undefined) return;
    props.onClose();
    props.onChoose(entry);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') choose(found[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label={props.label} className="chooser" onClose={props.onClose}>
      <input
        autoFocus
        className="chooser-input"
        role="combobox"
        aria-label={props.searchLabel}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[chosen] === undefined ? undefined : `${id}-${chosen}`}
        placeholder={props.placeholder}
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label={props.listLabel}>
        {found.map((entry, index) => (
          <li
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setChosen(index)}
            onClick={() => choose(entry)}
          >
            {entry.tone !== undefined && <Dot tone={entry.tone} />}
            <span className="title">{entry.title}</span>
            <span className="hint">{entry.hint}</span>
            {Boolean(entry.shortcut) && <kbd>{entry.shortcut}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="none">{(entries.length === 0 ? empty : null) ?? `Nothing fits “${typed}”.`}</p>
      )}
    </Dialog>
  );
}
