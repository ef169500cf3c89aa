import { visibleText } from '../../core/text/visible-text.ts';
import { useDraft } from '../state/draft.ts';
import { originOf, type Foreign } from '../state/draft-origin.ts';

interface ForeignMarkProps {
  /** The id of a header field, or `body`. */
  readonly part: string;
  readonly name: string;
  readonly foreign: Foreign | null;
  /** The origin that it was entered for. */
  readonly from: string | null;
}

/** Says that a value was entered for another server. A secret goes to this one only once that is confirmed. */
export function ForeignMark({ part, name, foreign, from }: ForeignMarkProps) {
  const origin = useDraft((state) => originOf(state.url));
  if (foreign === null) return null;
  const isHeldBack = foreign === 'held-back';
  const to = visibleText((origin ?? '').replace(/^https?:\/\//, ''));
  return (
    <p className={`foreign-mark ${foreign}`}>
      <span className="from">
        {isHeldBack ? 'Held back: entered for' : 'Entered for'} {visibleText(from ?? '')}
      </span>
      {isHeldBack && (
        <button type="button" className="button small" onClick={() => useDraft.getState().confirm(part)}>
          Send <span className="unseen">{visibleText(name)} </span>to {to}
        </button>
      )}
    </p>
  );
}
