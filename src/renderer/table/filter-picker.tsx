import { useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CommandResult } from '../../contract/commands.ts';
import type { Filter, Lane } from '../../contract/lane.ts';
import { narrowing } from '../../contract/narrowing.ts';
import { payloadStates, payloadStateTitles } from '../../core/json/payload.ts';
import { blockKinds, blockKindTitles } from '../../core/sse/block.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countText } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useFailureNotice, useHostQuery } from '../state/use-host-query.ts';
import { useView } from '../state/view.ts';
import { Icon } from '../widgets/icon.tsx';
import { Popover } from '../widgets/popover.tsx';

type Types = CommandResult<'capture.types'>;

/** The button next to the filter, and its list of event types, block kinds and payload states to show. */
export function FilterPicker() {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const tab = useView((state) => state.tab);
  const filter = useView((state) => state.filter);
  if (tab !== 'blocks' && tab !== 'documents') return null;
  const { types = [], kinds = [], states = [] } = narrowing(filter, tab) ?? {};
  const chosen = types.length + kinds.length + states.length;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button quiet square small"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-pressed={chosen > 0}
        aria-label={
          chosen === 0 ? 'Choose event types and states' : `Choose event types and states, ${chosen} chosen`
        }
        title="Event types and states"
        onClick={() => setOpen(!open)}
      >
        <Icon name="filter" size={14} />
      </button>
      {open && (
        <Popover
          at={button}
          label="Rows to show"
          align="end"
          className="filter-picker"
          onClose={() => setOpen(false)}
        >
          <Choices lane={tab} filter={filter} />
        </Popover>
      )}
    </>
  );
}

function Choices({ lane, filter }: { readonly lane: Lane; readonly filter: Filter }) {
  const types = useTypes();
  return (
    <>
      <fieldset>
        <legend>Event types</legend>
        {types === null && <p className="dim">Reading…</p>}
        {types?.length === 0 && <p className="dim">No events yet.</p>}
        {types?.map(({ type, count }) => (
          <Choice
            key={type}
            label={visibleText(type)}
            wire
            count={count}
            on={filter.types?.includes(type) === true}
            onChange={() => change({ types: toggled(filter.types, type) })}
          />
        ))}
      </fieldset>
      {lane === 'blocks' && (
        <fieldset>
          <legend>Blocks</legend>
          {blockKinds.map((kind) => (
            <Choice
              key={kind}
              label={blockKindTitles[kind]}
              on={filter.kinds?.includes(kind) === true}
              onChange={() => change({ kinds: toggled(filter.kinds, kind) })}
            />
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend>JSON</legend>
        {payloadStates.map((state) => (
          <Choice
            key={state}
            label={payloadStateTitles[state]}
            on={filter.states?.includes(state) === true}
            onChange={() => change({ states: toggled(filter.states, state) })}
          />
        ))}
      </fieldset>
      <button
        type="button"
        className="button small"
        onClick={() => change({ types: [], kinds: [], states: [] })}
      >
        Show all
      </button>
    </>
  );
}

function change(changes: Pick<Filter, 'types' | 'kinds' | 'states'>): void {
  useView.getState().setFilter(changes);
}

interface ChoiceProps {
  readonly label: string;
  readonly wire?: boolean;
  readonly count?: number;
  readonly on: boolean;
  readonly onChange: () => void;
}

function Choice({ label, wire = false, count, on, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <input type="checkbox" checked={on} onChange={onChange} />
      <span className={wire ? 'name wire' : 'name'}>{label}</span>
      {count !== undefined && <span className="dim">{countText(count)}</span>}
    </label>
  );
}

/** Adds `item` to the chosen ones or removes it. If none is chosen, everything is shown. */
function toggled<T>(chosen: readonly T[] | undefined, item: T): T[] {
  const before = chosen ?? [];
  return before.includes(item) ? before.filter((other) => other !== item) : [...before, item];
}

const typesQuery: HostQuery<{ readonly capture: CaptureId }, Types> = {
  ask: (params) => callHost('capture.types', params),
  scope: ({ capture }) => capture,
};

/** Event types of the current capture, read when the list is opened. */
function useTypes(): Types | null {
  const capture = useCaptures((state) => state.current);
  const types = useHostQuery(typesQuery, capture === null ? null : { params: { capture } });
  useFailureNotice(types);
  return types.data;
}
