import type { ReactNode } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Lane } from '../../contract/lane.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { ExchangePane } from '../exchange/exchange-pane.tsx';
import { DiagnosePane } from '../diagnose/diagnose-pane.tsx';
import { MessagePane } from '../message/message-pane.tsx';
import type { Tab } from '../state/view.ts';
import { EmptyTable } from '../empty-state/empty-table.tsx';
import { LaneTable } from '../table/lane-table.tsx';

/** A tab below the timeline. To add one, add an entry to `tabs`. */
export interface TabDefinition {
  readonly id: Tab;
  readonly title: string;
  /** Shown next to the title; null for none. */
  readonly count: (summary: CaptureSummary, findings: readonly Finding[] | null) => number | null;
  /** Whether the filter bar applies to the tab. */
  readonly filtered: boolean;
  readonly panel: (summary: CaptureSummary) => ReactNode;
}

export const tabs: readonly TabDefinition[] = [
  laneTab('chunks', 'Chunks', (summary) => summary.rows.chunks),
  laneTab('blocks', 'Events', (summary) => summary.dispatched),
  laneTab('documents', 'JSON', (summary) => summary.rows.documents),
  {
    id: 'message',
    title: 'Message',
    count: () => null,
    filtered: false,
    panel: (summary) => <MessagePane key={summary.id} summary={summary} />,
  },
  {
    id: 'diagnose',
    title: 'Diagnose',
    // Findings of severity info are not problems.
    count: (_summary, findings) => findings?.filter(({ severity }) => severity !== 'info').length || null,
    filtered: false,
    panel: (summary) => <DiagnosePane key={summary.id} summary={summary} />,
  },
  {
    id: 'exchange',
    title: 'Exchange',
    count: () => null,
    filtered: false,
    panel: (summary) => <ExchangePane key={summary.id} summary={summary} />,
  },
];

function laneTab(lane: Lane, title: string, count: TabDefinition['count']): TabDefinition {
  return {
    id: lane,
    title,
    count,
    filtered: true,
    panel: (summary) =>
      summary.rows[lane] === 0 ? (
        <EmptyTable summary={summary} lane={lane} />
      ) : (
        <LaneTable key={`${summary.id} ${lane}`} summary={summary} lane={lane} />
      ),
  };
}
