import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { assertNever } from '../../core/assert-never.ts';
import { endReasonTitles, type EndReason } from '../../core/capture/record.ts';
import type { Tone } from '../widgets/dot.tsx';

/** What a capture is doing or how it ended, in a word or two, so that it is not shown by colour alone. */
export interface CaptureState {
  readonly tone: Tone;
  readonly word: string;
}

/** The state of a capture, in the user's words. A stream that ended well may still be broken: the worst of its findings counts too. */
export function captureState(summary: CaptureSummary): CaptureState {
  const state = stateAlone(summary);
  const { worst } = summary;
  if (state.tone !== 'ok' || worst === null || worst === 'info') return state;
  return worst === 'error'
    ? { tone: 'bad', word: `${state.word} with errors` }
    : { tone: 'warn', word: `${state.word} with warnings` };
}

function stateAlone(summary: CaptureSummary): CaptureState {
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
  if (end.reason === 'complete' && status !== null && status >= 400)
    return { tone: 'bad', word: `Status ${status}` };
  return { tone: endTones[end.reason], word: endReasonTitles[end.reason] };
}

const endTones: Readonly<Record<EndReason, Tone>> = {
  complete: 'ok',
  aborted: 'warn',
  'premature-close': 'bad',
  timeout: 'bad',
  error: 'bad',
};
