import { type LadderBreak, ladderBreaks } from '../../contract/ladder.ts';
import { useLadder } from '../state/ladder.ts';
import './rung-breaks.css';

/** A switch for each way to break a rung on purpose. A check that cannot fail proves nothing. */
export function RungBreaks({ breaks }: { readonly breaks: readonly LadderBreak[] }) {
  const armed = useLadder((state) => state.armed);
  if (breaks.length === 0) return null;
  return (
    <section className="panel-part">
      <h3>
        Break it on purpose <small>one at a time, for the next run</small>
      </h3>
      <ul className="breaks">
        {breaks.map((fault) => (
          <li key={fault}>
            <button
              type="button"
              role="switch"
              className="break"
              aria-checked={fault === armed}
              aria-label={fault}
              aria-describedby={`break-${fault}`}
              onClick={() => useLadder.getState().arm(fault === armed ? null : fault)}
            >
              <span className="track" aria-hidden="true" />
              <span className="words">
                <strong>{fault}</strong>
                <small id={`break-${fault}`}>{ladderBreaks[fault].description}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
