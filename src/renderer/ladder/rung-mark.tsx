import type { RungNumber } from '../../core/rungs.ts';
import type { RungStage } from '../state/rung-view.ts';

/** Paths on a grid of 16. */
const shapes = {
  passed: 'M4.5 8.4l2.4 2.4 4.8-5.4',
  failed: 'M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6',
  broken: 'M8 4v4.6M8 11.4v.01',
  skipped: 'M5 8h6',
} as const;

interface RungMarkProps {
  readonly rung: RungNumber;
  readonly stage: RungStage;
  /** The rung was run with a break, so it is expected to fail. */
  readonly isBroken: boolean;
}

/** The state of a rung as a shape and a colour. Decorative: the element around it has the state as text. */
export function RungMark({ rung, stage, isBroken }: RungMarkProps) {
  const looks = stage === 'failed' && isBroken ? 'broken' : stage;
  const shape = looks in shapes ? shapes[looks as keyof typeof shapes] : null;
  return (
    <span className={`rung-mark ${looks}`} aria-hidden="true">
      {shape === null ? (
        rung
      ) : (
        <svg viewBox="0 0 16 16" width={16} height={16} focusable="false">
          <path
            d={shape}
            fill="none"
            stroke="currentColor"
            strokeWidth={1.9}
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      )}
    </span>
  );
}
