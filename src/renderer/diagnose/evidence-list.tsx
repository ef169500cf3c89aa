import { assertNever } from '../../core/assert-never.ts';
import type { Evidence } from '../../core/findings/finding.ts';
import { showBytes } from '../detail/show-bytes.ts';
import { visibleText } from '../detail/visible-text.ts';
import { atText } from '../format/at.ts';
import { pickRow } from '../timeline/step-selection.ts';
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
  switch (evidence.kind) {
    case 'event':
      return <Jump words={`event ${evidence.seq}`} go={() => void showEvent(evidence.seq)} />;
    case 'block':
      return <Jump words={`block ${evidence.block}`} go={() => pickRow('events', evidence.block)} />;
    case 'document': {
      const where = evidence.at === null ? '' : `, character ${evidence.at}`;
      return (
        <Jump words={`JSON ${evidence.document}${where}`} go={() => pickRow('json', evidence.document)} />
      );
    }
    case 'bytes': {
      const { start, end } = evidence;
      const words = end - start === 1 ? `byte ${start}` : `bytes ${start}–${end - 1}`;
      return <Jump words={words} go={() => showCurrentBytes(start, end)} />;
    }
    case 'chunks': {
      const { first, last } = evidence;
      const words = first === last ? `chunk ${first}` : `chunks ${first}–${last}`;
      return <Jump words={words} go={() => pickRow('chunks', first)} />;
    }
    case 'url':
      return <Jump words={visibleText(evidence.url)} go={showExchange} isWire />;
    case 'note': {
      const at = evidence.at === null ? '' : `at ${atText(evidence.at)} s: `;
      return <Jump words={`${at}${visibleText(evidence.text)}`} go={showExchange} />;
    }
    case 'gap':
      return (
        <Jump
          words={`${quantityText(evidence.ms, 'ms')} from ${atText(evidence.at)} s on`}
          go={() => useView.getState().setSpan(aroundGap(evidence.at, evidence.ms))}
        />
      );
    case 'header': {
      const { name, value } = evidence;
      return (
        <Jump
          words={`${name}: ${value === '' ? 'absent' : visibleText(value)}`}
          go={() => useView.getState().mark({ kind: 'header', name })}
          isWire
        />
      );
    }
    case 'status':
      return <Jump words={`status ${evidence.status}`} go={showExchange} isWire />;
    case 'end': {
      const error = evidence.error === null ? '' : `, ${visibleText(evidence.error)}`;
      return <Jump words={`the end: ${evidence.reason}${error}`} go={showExchange} />;
    }
    default:
      return assertNever(evidence);
  }
}

interface JumpProps {
  readonly words: string;
  readonly go: () => void;
  /** The words came over the wire. */
  readonly isWire?: boolean;
}

function Jump({ words, go, isWire = false }: JumpProps) {
  return (
    <button type="button" className={isWire ? 'row-link wire' : 'row-link'} onClick={go}>
      {words}
    </button>
  );
}

/** Request, response, notes and end stand there. */
function showExchange(): void {
  useView.getState().setTab('exchange');
}

function showCurrentBytes(start: number, end: number): void {
  const capture = useCaptures.getState().current;
  if (capture !== null) void showBytes(capture, start, end);
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
    if (useCaptures.getState().current === capture) pickRow('events', row);
  } catch (error) {
    notifyProblem(error);
  }
}
