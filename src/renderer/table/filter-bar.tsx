import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useShallow } from 'zustand/shallow';
import { filterText, useView, type FilterText } from '../state/view.ts';
import { focusRows } from '../rows/focus-rows.ts';
import { Icon } from '../widgets/icon.tsx';
import { FilterPicker } from './filter-picker.tsx';
import './filter-bar.css';

/** Time without a key press after which the filter is applied, in ms. */
const pause = 140;

/**
 * Searches the whole capture for text or a regular expression, filters by limits such as `gap>500ms`, and narrows the kinds of
 * rows.
 */
export function FilterBar() {
  const shown = useView(useShallow(filterText));
  const problem = useView((state) => state.filterProblem);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  const apply = (changes: FilterText): void => {
    clearTimeout(timer.current ?? undefined);
    useView.getState().type(changes);
    useView.getState().applyTyped();
  };
  const onType = (text: string): void => {
    useView.getState().type({ text });
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => apply({}), pause);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') apply({});
    else if (event.key === 'Escape' && shown.text !== '') onType('');
    else if (event.key === 'ArrowDown') focusRows();
    else return;
    event.preventDefault();
  };

  return (
    <div className="filter-bar" role="search">
      <div className="filter-field">
        <Icon name="search" size={13} />
        <input
          id="filter"
          className="field"
          type="text"
          spellCheck={false}
          placeholder="Filter or gap>500ms"
          title="Text to search for, and limits: gap>500ms, gap<2s, size>4k, at>1.5s"
          aria-label="Filter rows"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'filter-problem'}
          value={shown.text}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Toggle
          sign="Aa"
          label="Match case"
          on={shown.caseSensitive === true}
          onChange={(caseSensitive) => apply({ caseSensitive })}
        />
        <Toggle
          sign=".*"
          label="Regular expression"
          on={shown.pattern === true}
          onChange={(pattern) => apply({ pattern })}
        />
        {problem !== null && (
          <p id="filter-problem" className="filter-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <FilterPicker />
    </div>
  );
}

function Toggle(props: {
  readonly sign: string;
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      className="toggle"
      aria-pressed={props.on}
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onChange(!props.on)}
    >
      {props.sign}
    </button>
  );
}
