import { useDialogs } from '../state/dialogs.ts';
import { useLabLog } from '../state/lab-log.ts';
import { useLadder } from '../state/ladder.ts';
import type { Behaviours } from './behaviour.ts';

const isIdle = (): boolean => useLadder.getState().phase === 'idle';
const isRungShown = (): boolean => useLadder.getState().shown !== null;

export const ladderActions: Behaviours<'Ladder'> = {
  'ladder-run': { isAvailable: isIdle, run: () => void useLadder.getState().run() },
  'ladder-run-rung': {
    isAvailable: () => isIdle() && isRungShown(),
    run: () => void useLadder.getState().run(useLadder.getState().shown ?? undefined),
  },
  'ladder-stop': { isAvailable: () => !isIdle(), run: () => void useLadder.getState().stop() },
  'ladder-leave': { isAvailable: isRungShown, run: () => useLadder.getState().show(null) },
  'own-server': {
    isAvailable: isIdle,
    run: () => useDialogs.getState().show({ kind: 'own-server' }),
  },
  'kept-runs': { run: () => useDialogs.getState().show({ kind: 'kept-runs' }) },
  'lab-log': { run: () => useLabLog.getState().show(true) },
};
