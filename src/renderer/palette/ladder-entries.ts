import { ladderRungs, rungNumbers } from '../../core/rungs.ts';
import { ladderBreaks, ladderBreakNames } from '../../contract/ladder.ts';
import { useLadder } from '../state/ladder.ts';

/** What the palette finds of the ladder: its rungs, and runs of it that are broken on purpose. */
export function ladderEntries(): readonly {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly run: () => void;
}[] {
  const rungs = rungNumbers.map((rung) => ({
    key: `rung-${rung}`,
    title: `Rung ${rung}: ${ladderRungs[rung].title}`,
    hint: 'Ladder',
    run: () => useLadder.getState().show(rung),
  }));
  if (useLadder.getState().phase !== 'idle') return rungs;
  const breaks = ladderBreakNames.map((fault) => ({
    key: `break-${fault}`,
    title: `Run the ladder, broken with ${fault}`,
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
