import { useSelection } from '../state/selection.ts';
import { useView } from '../state/view.ts';
import type { Behaviours } from './behaviour.ts';
import { hasCapture } from './capture-actions.ts';
import { focusField } from './focus-field.ts';

export const viewActions: Behaviours<'View'> = {
  'show-chunks': { run: () => useSelection.getState().showLane('chunks') },
  'show-events': { run: () => useSelection.getState().showLane('blocks') },
  'show-json': { run: () => useSelection.getState().showLane('documents') },
  'show-message': { run: () => useView.getState().setTab('message') },
  diagnose: { run: () => useView.getState().setTab('diagnose') },
  'show-exchange': { run: () => useView.getState().setTab('exchange') },
  find: { isAvailable: hasCapture, run: find },
  'clear-filter': { run: () => useView.getState().clearFilter() },
  newest: { run: () => useView.getState().setFollow(true) },
  'whole-timeline': { run: () => useView.getState().setSpan(null) },
};

function find(): void {
  const { tab } = useView.getState();
  if (tab !== 'chunks' && tab !== 'blocks' && tab !== 'documents') useSelection.getState().showLane('blocks');
  if (document.getElementById('filter') !== null) focusField('filter');
  // The field exists once its tab is rendered.
  else requestAnimationFrame(() => focusField('filter'));
}
