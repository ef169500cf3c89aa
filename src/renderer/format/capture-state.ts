import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';

/** How a state looks: `live` moves, the others stand still. */
export type Tone = 'idle' | 'wait' | 'live' | 'ok' | 'warn' | 'bad';

/** What a capture is doing or how it ended, in a word or two. Never by colour alone. */
export interface CaptureState {
  readonly tone: Tone;
  readonly word: string;
}

/** The state of a capture as a user would say it. */
export function captureState(summary: CaptureSummary): CaptureState {
  switch (summary.phase) {
    case 'connecting':
      return { tone: 'wait', word: 'Connecting' };
    case 'streaming':
      return { tone: 'live', word: 'Streaming' };
    case 'loading':
      return { tone: 'wait', word: 'Loading' };
    case 'stored':
    case 'ended':
      return endState(summary);
    default:
      return assertNever(summary.phase);
  }
}

function endState({ end, status, phase }: CaptureSummary): CaptureState {
  if (end === null)
    return phase === 'stored' ? { tone: 'idle', word: 'Stored' } : { tone: 'warn', word: 'Unfinished' };
  switch (end.reason) {
    case 'complete':
      return status !== null && status >= 400
        ? { tone: 'bad', word: `Status ${status}` }
        : { tone: 'ok', word: 'Ended' };
    case 'aborted':
      return { tone: 'warn', word: 'Stopped' };
    case 'premature-close':
      return { tone: 'bad', word: 'Cut off' };
    case 'timeout':
      return { tone: 'bad', word: 'Timed out' };
    case 'error':
      return { tone: 'bad', word: 'Failed' };
    default:
      return assertNever(end.reason);
  }
}
