import type { Check, CheckEvidence } from '../../contract/ladder.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import type { RungView } from '../state/rung-view.ts';
import { Icon } from '../widgets/icon.tsx';
import { pointWords, showPoint } from './show-point.ts';
import './rung-checks.css';

/** Maximum number of links per piece of evidence; the others are counted. */
const pointLimit = 8;

/** The checks of a rung, each with its evidence. */
export function RungChecks({ view }: { readonly view: RungView }) {
  const { checks, stage, unchecked = [] } = view;
  const failed = checks.filter(({ passed }) => !passed).length;
  const count =
    checks.length === 0
      ? ''
      : failed === 0
        ? `${countOf(checks.length, 'check')}, all passed`
        : `${failed} of ${countOf(checks.length, 'check')} failed`;
  return (
    <section className="panel-part" aria-busy={stage === 'running'}>
      <h3>
        Checks <small>{count}</small>
      </h3>
      {checks.length === 0 && <p className="dim">{emptyWords(view)}</p>}
      <ol className="checks">
        {checks.map((check) => (
          <CheckItem key={check.name} check={check} />
        ))}
      </ol>
      {unchecked.length > 0 && (
        <ul className="checks unchecked" aria-label="Not checked">
          {unchecked.map(({ name, reason }) => (
            <li key={name} className="check">
              <span className="sign" aria-hidden="true">
                –
              </span>
              <p className="evidence-line">
                Not checked, <span className="check-name">{name}</span>: {visibleText(reason)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function emptyWords({ stage }: RungView): string {
  if (stage === 'running') return 'The first check is running…';
  if (stage === 'waiting') return 'Waiting for the rungs below.';
  if (stage === 'skipped') return 'No checks were made.';
  return 'Run the ladder, or only this rung, to see each check with its evidence.';
}

function CheckItem({ check }: { readonly check: Check }) {
  const { name, title, passed, evidence, finding } = check;
  const part = partOf(name);
  return (
    <li className={passed ? 'check' : 'check failed'}>
      <span className="sign" aria-hidden="true">
        <Icon name={passed ? 'check' : 'close'} size={14} />
      </span>
      <div>
        <p className="check-title" title={name}>
          <span>
            <span className="unseen">{passed ? 'Passed: ' : 'Failed: '}</span>
            {finding !== undefined && <span className="check-part">{finding}</span>}
            {part !== null && <span className="check-part">{part}</span>}
            {title}
          </span>
          <span className="check-name">{name}</span>
        </p>
        {evidence.map((each, index) => (
          // The evidence of a check never changes its order.
          <EvidenceLine key={index} evidence={each} />
        ))}
      </div>
    </li>
  );
}

/** Rungs 2, 3 and 6 make the same checks for several clients or APIs: the prefix of the name tells which. */
function partOf(name: string): string | null {
  const found = /^(chat|responses|eventsource|fetch|raw)-/.exec(name)?.[1];
  return found ?? null;
}

function EvidenceLine({ evidence }: { readonly evidence: CheckEvidence }) {
  const { text, capture, points } = evidence;
  const more = points.length - pointLimit;
  return (
    <p className="evidence-line">
      {visibleText(text)}
      {capture !== null && points.length > 0 && (
        <span className="points">
          {points.slice(0, pointLimit).map((point, index) => (
            <button
              key={index}
              type="button"
              className="row-link"
              title="Show in the capture of this run"
              onClick={() => void showPoint(capture, point)}
            >
              {pointWords(point)}
            </button>
          ))}
          {more > 0 && <span>and {more} more</span>}
        </span>
      )}
    </p>
  );
}
