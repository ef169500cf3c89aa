import { useCaptures } from '../../src/renderer/state/captures.ts';
import { useComparison } from '../../src/renderer/state/comparison.ts';
import { useDialogs } from '../../src/renderer/state/dialogs.ts';
import { useDraft } from '../../src/renderer/state/draft.ts';
import { useHost } from '../../src/renderer/state/host.ts';
import { useImports } from '../../src/renderer/state/imports.ts';
import { useLabLog } from '../../src/renderer/state/lab-log.ts';
import { useLadder } from '../../src/renderer/state/ladder.ts';
import { useModel } from '../../src/renderer/state/model.ts';
import { usePreferences } from '../../src/renderer/state/preferences.ts';
import { useProbes } from '../../src/renderer/state/probes.ts';
import { useSelection } from '../../src/renderer/state/selection.ts';
import { useView } from '../../src/renderer/state/view.ts';

/** Resets all slices to their initial state. */
export function resetSlices(): void {
  useCaptures.setState(useCaptures.getInitialState(), true);
  useComparison.setState(useComparison.getInitialState(), true);
  useDialogs.setState(useDialogs.getInitialState(), true);
  useDraft.setState(useDraft.getInitialState(), true);
  useHost.setState(useHost.getInitialState(), true);
  useImports.setState(useImports.getInitialState(), true);
  useLabLog.setState(useLabLog.getInitialState(), true);
  useLadder.setState(useLadder.getInitialState(), true);
  useModel.setState(useModel.getInitialState(), true);
  usePreferences.setState(usePreferences.getInitialState(), true);
  useProbes.setState(useProbes.getInitialState(), true);
  useSelection.setState(useSelection.getInitialState(), true);
  useView.setState(useView.getInitialState(), true);
}
