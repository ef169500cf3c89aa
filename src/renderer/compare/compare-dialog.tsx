import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { search } from '../commands/palette-search.ts';
import { visibleText } from '../detail/visible-text.ts';
import { countOf } from '../format/count.ts';
import { captureState } from '../format/capture-state.ts';
import { requestTitle } from '../format/request-title.ts';
import { whenText } from '../format/when.ts';
import { useCaptures } from '../state/captures.ts';
import { useComparison } from '../state/comparison.ts';
import { useDialogs } from '../state/dialogs.ts';
import { Dialog } from '../widgets/dialog.tsx';
import '../commands/palette.css';
import './compare.css';

/** Chooses what a capture is compared with: it is A, the other B. Captures of the same address come first. */
export function CompareDialog({ capture }: { readonly capture: CaptureId }) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const close = useDialogs((state) => state.close);
  const choices = useMemo(() => choicesFor(capture), [capture]);
  const found = useMemo(() => search(choices, typed), [choices, typed]);

  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const choose = (choice: (typeof choices)[number] | undefined): void => {
    if (choice === undefined) return;
    close();
    useComparison.getState().compare(capture, choice.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') choose(found[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Compare with" className="palette" onClose={close}>
      <input
        autoFocus
        className="palette-input"
        role="combobox"
        aria-label="Find the capture to compare with"
        aria-expanded="true"
        aria-controls="compare-list"
        aria-activedescendant={found[chosen] === undefined ? undefined : `compare-${chosen}`}
        placeholder="Compare with…"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id="compare-list" role="listbox" aria-label="Other captures">
        {found.map((choice, index) => (
          <li
            key={choice.id}
            id={`compare-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setChosen(index)}
            onClick={() => choose(choice)}
          >
            <span className={`dot ${choice.tone}`} />
            <span className="title">{choice.title}</span>
            <span className="hint">{choice.hint}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="none">
          {choices.length === 0
            ? 'There is no other capture. Connect again, directly or through the proxy, or open a file.'
            : `Nothing fits “${typed}”.`}
        </p>
      )}
    </Dialog>
  );
}

function choicesFor(capture: CaptureId) {
  const { order, byId } = useCaptures.getState();
  const own = byId.get(capture);
  const path = own === undefined ? '' : requestTitle(own.request).path;
  const choices = order.flatMap((id) => {
    const summary = byId.get(id);
    if (summary === undefined || id === capture) return [];
    const { method, path, host } = requestTitle(summary.request);
    const { tone, word } = captureState(summary);
    return [
      {
        id,
        path,
        tone,
        title: visibleText(summary.name ?? `${method} ${path}`.trim()),
        hint: `${visibleText(host)} · ${whenText(summary.startedAt, new Date())} · ${countOf(summary.dispatched, 'event')} · ${word}`,
      },
    ];
  });
  return choices.toSorted((a, b) => Number(b.path === path) - Number(a.path === path));
}
