import { assertNever } from '../../core/assert-never.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { Connection } from '../../contract/commands.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import type { ActionId } from '../../contract/window-actions.ts';
import { useCaptures } from './captures.ts';
import { FrameBatch, windowClock, type Clock } from './frame-batch.ts';
import { notifyProblem, useHost } from './host.ts';
import { useLabLog } from './lab-log.ts';
import { keepDraft, restoreDraft } from './kept-draft.ts';
import { loadLadder, useLadder } from './ladder.ts';
import { usePreferences } from './preferences.ts';

/**
 * Connects the slices to a host: applies its events, at most one batch per frame, and loads what the window needs at the
 * start. Returns a function that stops listening.
 */
export function attachHost(
  connection: Connection,
  onMenu: (action: ActionId) => void,
  clock: Clock = windowClock,
): () => void {
  useHost.getState().attach(connection);
  const batch = new FrameBatch<HostEvent>((events) => take(events, onMenu), clock);
  const release = connection.listen((event) => batch.push(event));
  // Listening starts before listing, so that no capture is missed.
  void useCaptures.getState().list();
  readPreferences().catch(notifyProblem);
  connection
    .call('host.describe', {})
    .then((description) => useHost.setState({ description }), notifyProblem);
  connection.call('lab.describe', {}).then((lab) => useHost.setState({ lab }), notifyProblem);
  loadLadder();
  const letDraftGo = keepDraft();
  return () => {
    letDraftGo();
    release();
  };
}

async function readPreferences(): Promise<void> {
  await usePreferences.getState().load();
  restoreDraft();
}

/** Applies a batch. Summaries of one capture replace each other, so that a batch costs one update. */
function take(events: readonly HostEvent[], onMenu: (action: ActionId) => void): void {
  const captures = useCaptures.getState();
  let changed = new Map<string, CaptureSummary>();
  const merge = (): void => {
    if (changed.size === 0) return;
    captures.merge([...changed.values()]);
    changed = new Map();
  };
  for (const event of events) {
    switch (event.kind) {
      case 'captures':
        for (const summary of event.changed) changed.set(summary.id, summary);
        break;
      case 'removed':
        merge();
        captures.remove(event.captures);
        break;
      case 'show':
        merge();
        captures.show(event.capture);
        break;
      case 'ladder':
        useLadder.getState().take(event.progress);
        break;
      case 'lab-log':
        useLabLog.getState().extended(event.next);
        break;
      case 'menu':
        onMenu(event.action);
        break;
      case 'connection':
        useHost.setState({ link: event.state === 'back' ? 'up' : event.state });
        if (event.state === 'back') {
          void captures.list();
          loadLadder();
          useLabLog.getState().restart();
        }
        break;
      case 'notice':
        useHost.getState().notify(event.level, event.message);
        break;
      default:
        assertNever(event);
    }
  }
  merge();
}
