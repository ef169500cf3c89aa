import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Filter } from '../../contract/lane.ts';
import { useView } from '../state/view.ts';
import { Icon } from '../widgets/icon.tsx';
import { FilterPicker } from './filter-picker.tsx';
import { patternProblem } from './pattern-problem.ts';
import './filter-bar.css';

/** Typing is over once no key was pressed for so long, in ms. */
const pause = 140;

/** Searches the whole capture: text or a regular expression, and what kinds of rows to keep. */
export function FilterBar() {
  const filter = useView((state) => state.filter);
  const problem = useView((state) => state.filterProblem);
  /** What was typed and not applied: it is still being typed, or no pattern. */
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? filter.text ?? '';
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  const apply = (changes: Pick<Filter, 'text' | 'pattern' | 'caseSensitive'>): void => {
    clearTimeout(timer.current ?? undefined);
    const { filter, setFilter, setFilterProblem } = useView.getState();
    const next = { ...filter, text, ...changes };
    const wrong = next.pattern === true ? patternProblem(next.text ?? '') : null;
    if (wrong === null) {
      setFilter(next);
      setTyped(null);
    } else setFilterProblem(wrong);
  };
  const onType = (now: string): void => {
    setTyped(now);
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => apply({ text: now }), pause);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') apply({});
    else if (event.key === 'Escape' && text !== '') onType('');
    else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.lane-table')?.focus();
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
          placeholder="Filter"
          aria-label="Filter the rows"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'filter-problem'}
          value={text}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Toggle
          sign="Aa"
          label="Upper and lower case differ"
          on={filter.caseSensitive === true}
          onChange={(caseSensitive) => apply({ caseSensitive })}
        />
        <Toggle
          sign=".*"
          label="Regular expression"
          on={filter.pattern === true}
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
