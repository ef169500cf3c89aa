import { useMemo } from 'react';
import { ladderBreakNames, ladderBreaks } from '../../contract/ladder.ts';
import { ladderRungs, rungNumbers } from '../../core/rungs.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { exportCapture } from '../files/export-capture.ts';
import { exportFormatNames, exportFormats } from '../../core/export/formats.ts';
import { captureTitle, requestTitle } from '../format/request-title.ts';
import { whenText } from '../format/time.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useHost } from '../state/host.ts';
import { useLadder } from '../state/ladder.ts';
import { tryEndpoint } from '../actions/stream-actions.ts';
import { ChooserDialog, type ChooserEntry } from '../widgets/chooser-dialog.tsx';
import { actionIds, windowActions } from '../../contract/window-actions.ts';
import { isAvailable, runAction, shortcutText } from '../actions/actions.ts';

interface Entry extends ChooserEntry {
  readonly run: () => void;
}

/** The command palette: actions, export formats, rungs and breaks of the ladder, endpoints of the lab, and captures. */
export function Palette() {
  const entries = useMemo(() => allEntries(), []);
  const close = useDialogs((state) => state.close);
  return (
    <ChooserDialog
      label="Command palette"
      searchLabel="Find a command, a capture or an example"
      listLabel="Commands"
      placeholder="Type a command"
      entries={entries}
      onClose={close}
      // Deferred until the dialog has restored the focus, so that the action can move it.
      onChoose={({ run }) => setTimeout(run, 0)}
    />
  );
}

function allEntries(): readonly Entry[] {
  const { current, order, byId } = useCaptures.getState();
  const entries: Entry[] = [];
  for (const id of actionIds) {
    if (id === 'palette' || !isAvailable(id)) continue;
    const { title, group } = windowActions[id];
    entries.push({
      key: id,
      title,
      hint: group,
      shortcut: shortcutText(id),
      run: () => runAction(id),
    });
  }
  if (current !== null) {
    for (const format of exportFormatNames) {
      const { title, hint } = exportFormats[format];
      const run = (): void => void exportCapture(current, format, false);
      entries.push({ key: `export-${format}`, title: `Export: ${title}`, hint, run });
    }
  }
  entries.push(...ladderEntries());
  for (const endpoint of useHost.getState().lab?.endpoints ?? []) {
    const run = (): void => tryEndpoint(endpoint);
    entries.push({
      key: `lab-${endpoint.id}`,
      title: `Try: ${endpoint.title}`,
      hint: endpoint.description,
      run,
    });
  }
  for (const id of order) {
    const capture = byId.get(id);
    if (capture === undefined) continue;
    const title = captureTitle(capture);
    const { host } = requestTitle(capture.request);
    const hint = `${visibleText(host)} · ${whenText(capture.startedAt, new Date())}`;
    entries.push({ key: id, title, hint, run: () => useCaptures.getState().show(id) });
  }
  return entries;
}

/** The rungs of the ladder, and a run with each break. */
function ladderEntries(): readonly Entry[] {
  const rungs = rungNumbers.map((rung) => ({
    key: `rung-${rung}`,
    title: `Rung ${rung}: ${ladderRungs[rung].title}`,
    hint: 'Ladder',
    run: () => useLadder.getState().show(rung),
  }));
  if (useLadder.getState().phase !== 'idle') return rungs;
  const breaks = ladderBreakNames.map((fault) => ({
    key: `break-${fault}`,
    title: `Run the ladder with the break ${fault}`,
    hint: ladderBreaks[fault].description,
    run: () => {
      const { arm, show, run } = useLadder.getState();
      arm(fault);
      show(ladderBreaks[fault].rung);
      void run();
    },
  }));
  return [...rungs, ...breaks];
}
