import type { CaptureId } from '../../contract/capture-id.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { FindingEvidence } from '../../core/findings/finding.ts';
import { showBytes, showEvent } from '../state/show-record.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { atText } from '../format/time.ts';
import { pickRow } from '../state/selection.ts';
import { quantityText } from '../format/quantity.ts';
import { useCaptures } from '../state/captures.ts';
import { useView } from '../state/view.ts';

interface EvidenceListProps {
  readonly evidence: readonly FindingEvidence[];
  /** Whether it is in the current capture, so that it can be shown. */
  readonly isHere: boolean;
}

/** The evidence of a finding, as links to where it can be seen. */
export function EvidenceList({ evidence, isHere }: EvidenceListProps) {
  return (
    <ul className="evidence" aria-label="Evidence">
      {evidence.map((one, n) => {
        const { words, show, isWire = false } = placeOf(one);
        return (
          <li key={n}>
            {isHere ? (
              <button type="button" className={isWire ? 'row-link wire' : 'row-link'} onClick={show}>
                {words}
              </button>
            ) : (
              <span className={isWire ? 'wire' : ''}>{words}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface Place {
  readonly words: string;
  readonly show: () => void;
  /** The words are from the stream. */
  readonly isWire?: boolean;
}

function placeOf(evidence: FindingEvidence): Place {
  switch (evidence.kind) {
    case 'event':
      return {
        words: `event ${evidence.seq}`,
        show: () => ofCurrent((capture) => showEvent(capture, evidence.seq)),
      };
    case 'block':
      return { words: `block ${evidence.block}`, show: () => pickRow('blocks', evidence.block) };
    case 'document': {
      const where = evidence.at === null ? '' : `, character ${evidence.at}`;
      return {
        words: `JSON ${evidence.document}${where}`,
        show: () => pickRow('documents', evidence.document),
      };
    }
    case 'bytes': {
      const { start, end } = evidence;
      const words = end - start === 1 ? `byte ${start}` : `bytes ${start}–${end - 1}`;
      return { words, show: () => ofCurrent((capture) => showBytes(capture, start, end)) };
    }
    case 'chunks': {
      const { first, last } = evidence;
      const words = first === last ? `chunk ${first}` : `chunks ${first}–${last}`;
      return { words, show: () => pickRow('chunks', first) };
    }
    case 'url':
      return { words: visibleText(evidence.url), show: showExchange, isWire: true };
    case 'note': {
      const at = evidence.at === null ? '' : `at ${atText(evidence.at)} s: `;
      return { words: `${at}${visibleText(evidence.text)}`, show: showExchange };
    }
    case 'gap':
      return {
        words: `${quantityText(evidence.ms, 'ms')} from ${atText(evidence.at)} s on`,
        show: () => useView.getState().setSpan(aroundGap(evidence.at, evidence.ms)),
      };
    case 'header': {
      const { name, value } = evidence;
      return {
        words: `${name}: ${value === '' ? 'absent' : visibleText(value)}`,
        show: () => useView.getState().mark({ kind: 'header', name }),
        isWire: true,
      };
    }
    case 'status':
      return { words: `status ${evidence.status}`, show: showExchange, isWire: true };
    case 'end': {
      const error = evidence.error === null ? '' : `, ${visibleText(evidence.error)}`;
      return { words: `end: ${evidence.reason}${error}`, show: showExchange };
    }
    default:
      return assertNever(evidence);
  }
}

/** Shows the tab with request, response, notes and end. */
function showExchange(): void {
  useView.getState().setTab('exchange');
}

function ofCurrent(show: (capture: CaptureId) => Promise<void>): void {
  const capture = useCaptures.getState().current;
  if (capture !== null) void show(capture);
}

function aroundGap(at: number, ms: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(0, at - ms / 4), to: at + ms * 1.25 };
}
