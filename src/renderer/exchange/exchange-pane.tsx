import type { HeaderList } from '../../core/headers.ts';
import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import type { NoteRecord } from '../../core/capture/record.ts';
import { REDACTED } from '../../core/capture/secret-name.ts';
import { visibleLines, visibleText } from '../../core/text/visible-text.ts';
import { atText, exactWhenText } from '../format/time.ts';
import { captureState } from '../format/capture-state.ts';
import { countText } from '../format/count.ts';
import { useView } from '../state/view.ts';
import { Part } from './part.tsx';
import { PhaseChart } from './phase-chart.tsx';
import { useExchange } from './use-exchange.ts';
import './exchange.css';

/** The request as it was sent, every response, the notes and the end. */
export function ExchangePane({ summary }: { readonly summary: CaptureSummary }) {
  const exchange = useExchange(summary);
  return (
    <div className="exchange" tabIndex={0} role="region" aria-label="Request and response">
      {exchange.status === 'failed' && (
        <p className="problem" role="alert">
          {exchange.problem}
        </p>
      )}
      {exchange.data !== null && <Whole exchange={exchange.data} summary={summary} />}
    </div>
  );
}

function Whole({ exchange, summary }: { readonly exchange: Exchange; readonly summary: CaptureSummary }) {
  const { request, responses, notes, end, startedAt } = exchange;
  const others = notes.filter((note) => note.note !== 'phase');
  return (
    <>
      <Part title="Request" aside={`${request.client} client · ${exactWhenText(startedAt)}`}>
        <p className="start-line wire">
          <strong>{visibleText(request.method)}</strong> {visibleText(request.url)}
        </p>
        <Headers headers={request.headers} />
        {request.body !== undefined && <Body text={request.body} />}
      </Part>
      {responses.map((response, index) => (
        // Responses are only added at the end.
        <Part
          key={index}
          title={responses.length === 1 ? 'Response' : `Response ${index + 1}`}
          aside={response.at === null ? '' : `after ${atText(response.at)} s`}
        >
          <p className="start-line wire">
            <strong>{response.status}</strong> {visibleText(response.httpVersion)}
            {response.url !== null && <> from {visibleText(response.url)}</>}
          </p>
          <Headers headers={response.headers} canBeMarked={index === responses.length - 1} />
        </Part>
      ))}
      {responses.length === 0 && (
        <Part title="Response">
          <p className="dim">None{end === null ? ' yet' : ''}.</p>
        </Part>
      )}
      <PhaseChart notes={notes} />
      {others.length > 0 && (
        <Part title="Notes" aside={countText(others.length)}>
          <Notes notes={others} />
        </Part>
      )}
      {end !== null && (
        <Part title="End" aside={end.at === null ? '' : `after ${atText(end.at)} s`}>
          <p>
            {captureState(summary).word}
            {end.error !== null && (
              <span className="wire">
                {' '}
                {visibleText(end.error.code)}: {visibleText(end.error.message)}
              </span>
            )}
          </p>
        </Part>
      )}
    </>
  );
}

/** Scrolls a marked element into view. */
function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function Headers({
  headers,
  canBeMarked = false,
}: {
  readonly headers: HeaderList;
  readonly canBeMarked?: boolean;
}) {
  const marked = useView((state) => (state.marked?.kind === 'header' ? state.marked.name : null));
  const isMarked = (name: string): boolean => canBeMarked && name.toLowerCase() === marked?.toLowerCase();
  if (headers.length === 0) return <p className="dim">No headers.</p>;
  return (
    <dl className="headers">
      {headers.map(([name, value], index) => (
        // A name may occur twice, and the order matters.
        <div
          key={index}
          className={isMarked(name) ? 'marked' : undefined}
          ref={isMarked(name) ? reveal : undefined}
        >
          <dt className="wire">{visibleText(name)}</dt>
          <dd className={value.includes(REDACTED) ? 'wire redacted' : 'wire'}>{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const bodyLimit = 20_000;

function Body({ text }: { readonly text: string }) {
  const lines = visibleLines(text.slice(0, bodyLimit));
  return (
    <>
      <pre className="wire body">{lines}</pre>
      {text.length > bodyLimit && (
        <p className="dim">
          The first {countText(bodyLimit)} of {countText(text.length)} characters.
        </p>
      )}
    </>
  );
}

const noteLimit = 500;

function Notes({ notes }: { readonly notes: readonly NoteRecord[] }) {
  const marked = useView((state) => (state.marked?.kind === 'yield' ? state.marked.n : null));
  const isMarked = ({ note, fields }: NoteRecord): boolean =>
    marked !== null && note === 'yield' && fields['n'] === marked;
  return (
    <>
      <table className="notes-table">
        <tbody>
          {notes.slice(0, noteLimit).map((note, index) => (
            // Notes are only added at the end.
            <tr
              key={index}
              className={isMarked(note) ? 'marked' : undefined}
              ref={isMarked(note) ? reveal : undefined}
            >
              <td className="number">{atText(note.at)}</td>
              <td>{visibleText(note.note)}</td>
              <td className="wire">{noteText(note)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes.length > noteLimit && <p className="dim">And {countText(notes.length - noteLimit)} more.</p>}
    </>
  );
}

/** A note's fields on one line: `attempt 1 · delay 3000`. */
function noteText({ fields }: NoteRecord): string {
  return Object.entries(fields)
    .map(([name, value]) =>
      visibleText(`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    )
    .join(' · ');
}
