import type { KeyboardEvent } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { shortCountText } from '../format/count.ts';
import { useProbedDiagnosis } from '../state/diagnosis.ts';
import { useSelection } from '../state/selection.ts';
import { useView, type Tab } from '../state/view.ts';
import { FilterBar } from '../table/filter-bar.tsx';
import { tabs } from './tabs.tsx';

/** The tabs with their counts, and the filter of the selected tab. */
export function TabBar({ summary }: { readonly summary: CaptureSummary }) {
  const tab = useView((state) => state.tab);
  const findings = useProbedDiagnosis(summary.id)?.findings ?? null;
  const shown = tabs.find((candidate) => candidate.id === tab);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = tabs.findIndex((candidate) => candidate.id === tab);
    let next = -1;
    if (event.key === 'ArrowRight') next = (at + 1) % tabs.length;
    else if (event.key === 'ArrowLeft') next = (at - 1 + tabs.length) % tabs.length;
    else if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = tabs.length - 1;
    const chosen = tabs[next];
    if (chosen === undefined) return;
    event.preventDefault();
    showTab(chosen.id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };

  return (
    <div className="tab-bar">
      <div role="tablist" aria-label="Capture views" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title, count }) => {
          const n = count(summary, findings);
          return (
            <button
              key={id}
              id={`tab-${id}`}
              type="button"
              role="tab"
              aria-selected={id === tab}
              aria-controls="tab-panel"
              tabIndex={id === tab ? 0 : -1}
              onClick={() => showTab(id)}
            >
              {title}
              {n !== null && <span className="n">{shortCountText(n)}</span>}
            </button>
          );
        })}
      </div>
      {shown?.filtered === true && <FilterBar key={summary.id} />}
    </div>
  );
}

function showTab(tab: Tab): void {
  if (tab === 'chunks' || tab === 'blocks' || tab === 'documents') useSelection.getState().showLane(tab);
  else useView.getState().setTab(tab);
}

/** The content of the selected tab. */
export function TabPanel({ summary }: { readonly summary: CaptureSummary }) {
  const tab = useView((state) => state.tab);
  return (
    <div id="tab-panel" className="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {tabs.find((candidate) => candidate.id === tab)?.panel(summary)}
    </div>
  );
}
