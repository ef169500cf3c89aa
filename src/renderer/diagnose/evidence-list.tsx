import { assertNever } from '../../core/assert-never.ts';
import type { Evidence } from '../../core/findings/finding.ts';
import { visibleText } from '../detail/visible-text.ts';
import { atText } from '../format/at.ts';
import { useSelection } from '../state/selection.ts';
import { quantityText } from '../timeline/axis-quantity.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { useCaptures } from '../state/captures.ts';
import { useView } from '../state/view.ts';

/** What proves a finding, each a way to where it can be looked at. */
export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  return (
    <ul className="evidence" aria-label="Evidence">
      {evidence.map((one, n) => (
        <li key={n}>
          <EvidenceItem evidence={one} />
        </li>
      ))}
    </ul>
  );
}

function EvidenceItem({ evidence }: { readonly evidence: Evidence }) {
  const { select } = useSelection.getState();
  switch (evidence.kind) {
    case 'event':
      return <Jump words={`event ${evidence.seq}`} go={() => void showEvent(evidence.seq)} />;
    case 'block':
      return <Jump words={`block ${evidence.block}`} go={() => select('events', evidence.block)} />;
    case 'document': {
      const where = evidence.at === null ? '' : `, character ${evidence.at}`;
      return (
        <Jump words={`JSON ${evidence.document}${where}`} go={() => select('json', evidence.document)} />
      );
    }
    case 'bytes':
      return (
        <Jump
          words={`bytes ${evidence.start}–${evidence.end}`}
          go={() => {
            useSelection.getState().showLane('chunks');
            useSelection.getState().setHighlight({ start: evidence.start, end: evidence.end });
          }}
        />
      );
    case 'chunks':
      return (
        <Jump
          words={
            evidence.first === evidence.last
              ? `chunk ${evidence.first}`
              : `chunks ${evidence.first}–${evidence.last}`
          }
          go={() => select('chunks', evidence.first)}
        />
      );
    case 'url':
      return <span className="wire">{visibleText(evidence.url)}</span>;
    case 'note':
      return (
        <span>
          {evidence.at === null ? '' : `at ${atText(evidence.at)} s: `}
          {visibleText(evidence.text)}
        </span>
      );
    case 'gap':
      return (
        <Jump
          words={`${quantityText(evidence.ms, 'ms')} from ${atText(evidence.at)} s on`}
          go={() => useView.getState().setSpan(aroundGap(evidence.at, evidence.ms))}
        />
      );
    case 'header':
      return (
        <span className="wire">
          {evidence.name}: {evidence.value === '' ? 'absent' : visibleText(evidence.value)}
        </span>
      );
    case 'status':
      return <span className="wire">status {evidence.status}</span>;
    case 'end':
      return (
        <span>
          the end: {evidence.reason}
          {evidence.error === null ? '' : `, ${visibleText(evidence.error)}`}
        </span>
      );
    default:
      return assertNever(evidence);
  }
}

function Jump({ words, go }: { readonly words: string; readonly go: () => void }) {
  return (
    <button type="button" className="row-link" onClick={go}>
      {words}
    </button>
  );
}

function aroundGap(at: number, ms: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(0, at - ms / 4), to: at + ms * 1.25 };
}

/** Selects a dispatched event: its row is not its number where there are comments. */
async function showEvent(seq: number): Promise<void> {
  const capture = useCaptures.getState().current;
  if (capture === null) return;
  try {
    const { row } = await callHost('capture.eventRow', { capture, seq });
    useSelection.getState().select('events', row);
  } catch (error) {
    notifyProblem(error);
  }
}
