import { rungNumbers } from '../../core/rungs.ts';
import { countOf } from '../format/count.ts';
import { type RungView, useLadder } from '../state/ladder.ts';
import { quantityText } from '../format/quantity.ts';

/** The whole ladder in figures, for the status bar. */
export function LadderFigures() {
  const byRung = useLadder((state) => state.byRung);
  const views = [...byRung.values()];
  const inStage = (stage: RungView['stage']): number => views.filter((view) => view.stage === stage).length;
  const checks = views.reduce((sum, view) => sum + view.checks.length, 0);
  const time = views.reduce((sum, view) => sum + (view.duration ?? 0), 0);
  if (inStage('idle') === rungNumbers.length) return <span>The ladder has not been run yet</span>;
  return (
    <>
      <span>
        {inStage('passed')} of {rungNumbers.length} rungs passed
      </span>
      {inStage('failed') > 0 && <span>{inStage('failed')} failed</span>}
      {inStage('skipped') > 0 && <span>{inStage('skipped')} skipped</span>}
      <span>{countOf(checks, 'check')}</span>
      <span>{quantityText(time, 'ms')}</span>
    </>
  );
}
