import type { CaptureId } from '../../contract/capture-id.ts';
import type { ComparisonView } from '../../contract/comparison.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import { captureTitle, requestTitle } from '../format/request-title.ts';
import { exactWhenText } from '../format/time.ts';
import { isLive, useCaptures } from '../state/captures.ts';
import { useComparison, useComparisonView } from '../state/comparison.ts';
import { answerOf } from '../state/use-host-query.ts';
import { Icon } from '../widgets/icon.tsx';
import { useEscape } from '../widgets/use-escape.ts';
import { figureRows } from './comparison-figures.ts';
import { ComparisonPlot } from './comparison-plot.tsx';
import { PairDetail } from './pair-detail.tsx';
import { PairTable } from './pair-table.tsx';
import '../timeline/timeline.css';
import '../table/lane-table.css';
import './compare.css';

/** The comparison of two captures: both on one time axis, a summary, figures, and all pairs of events. */
export function ComparePane() {
  const state = useComparisonView();
  const view = answerOf(state);

  useEscape(useComparison.getState().close);

  return (
    <main className="middle compare" aria-label="Comparison">
      <Head view={view} />
      {state.status === 'failed' ? (
        <div className="empty-state" role="alert">
          <h2>The captures cannot be compared</h2>
          <p>{state.problem}</p>
          <button type="button" className="button" onClick={useComparison.getState().again}>
            Compare again
          </button>
        </div>
      ) : view === null ? (
        <div className="empty-state" role="status">
          <span className="spinner" aria-hidden="true" />
          <h2>Comparing</h2>
          <p>Both captures are read, and their events are aligned by content.</p>
        </div>
      ) : (
        <Whole view={view} />
      )}
    </main>
  );
}

function Head({ view }: { readonly view: ComparisonView | null }) {
  const shown = useComparison((state) => state.shown);
  const goesOn = useCaptures((state) =>
    [shown?.a, shown?.b].some((id) => {
      const summary = id === undefined ? undefined : state.byId.get(id);
      return summary !== undefined && isLive(summary);
    }),
  );
  const { swap, again, close } = useComparison.getState();
  if (shown === null) return null;
  return (
    <header className="compare-head">
      <Side name="A" id={shown.a} />
      <button
        type="button"
        className="button quiet square"
        aria-label="Swap A and B"
        title="Swap A and B"
        onClick={swap}
      >
        <Icon name="swap" size={15} />
      </button>
      <Side name="B" id={shown.b} />
      {goesOn && view !== null && (
        <button
          type="button"
          className="button small"
          title="One of the captures is still running: compare again to include its new events"
          onClick={again}
        >
          Compare again
        </button>
      )}
      <button
        type="button"
        className="button quiet square"
        aria-label="Close the comparison"
        title="Close the comparison (Esc)"
        onClick={close}
      >
        <Icon name="close" size={15} />
      </button>
    </header>
  );
}

function Side({ name, id }: { readonly name: 'A' | 'B'; readonly id: CaptureId }) {
  const summary = useCaptures((state) => state.byId.get(id));
  if (summary === undefined) return null;
  const { host } = requestTitle(summary.request);
  return (
    <div className="compare-side" title={visibleText(summary.request.url)}>
      <span className="side-name">{name}</span>
      <span className="words">
        <bdi className="title">{captureTitle(summary)}</bdi>
        <small>
          {visibleText(host)} · {exactWhenText(summary.startedAt)}
        </small>
      </span>
    </div>
  );
}

function Whole({ view }: { readonly view: ComparisonView }) {
  return (
    <div className="compare-body">
      <ComparisonPlot view={view} />
      <div className="compare-lower">
        <div className="compare-pairs">
          <PairBar view={view} />
          {view.rows === 0 ? (
            <div className="empty-state">
              <h2>No events to compare</h2>
              <p>Neither capture has an event.</p>
            </div>
          ) : (
            <>
              <PairTable key={view.comparison} view={view} />
              <PairDetail view={view} />
            </>
          )}
        </div>
        <div className="compare-words" tabIndex={0} role="region" aria-label="Differences">
          <Sentences view={view} />
          <Figures view={view} />
        </div>
      </div>
    </div>
  );
}

/** The number of pairs, and buttons that move between differences. */
function PairBar({ view }: { readonly view: ComparisonView }) {
  const { pairs, levels, onlyInA, onlyInB, changed } = view.result;
  const row = useComparison((state) => state.row);
  const { differences } = view;
  const go = (by: 1 | -1): void => {
    const at = row ?? -1;
    const next =
      by === 1 ? differences.find((other) => other > at) : differences.findLast((other) => other < at);
    // Wraps around.
    const target = next ?? (by === 1 ? differences[0] : differences.at(-1));
    if (target !== undefined) useComparison.getState().select(target);
  };
  const inexact = levels.content + levels.text;
  return (
    <div className="pair-bar">
      <span>{countOf(pairs, 'pair')}</span>
      {inexact > 0 && (
        <span className="dim" title="The same content, but with other ids or times, or split differently">
          {inexact} not identical
        </span>
      )}
      <span className="dim">
        {onlyInA} only in A, {onlyInB} only in B{changed > 0 && `, ${changed} of them changed`}
      </span>
      {differences.length > 0 && (
        <span className="steps">
          <button
            type="button"
            className="button quiet square small"
            aria-label="Previous difference"
            title="Previous difference"
            onClick={() => go(-1)}
          >
            <span className="turned-up">
              <Icon name="chevron" />
            </span>
          </button>
          <button
            type="button"
            className="button quiet square small"
            aria-label="Next difference"
            title="Next difference"
            onClick={() => go(1)}
          >
            <Icon name="chevron" />
          </button>
        </span>
      )}
    </div>
  );
}

function Sentences({ view: { result } }: { readonly view: ComparisonView }) {
  return (
    <section>
      <h3>{result.equal ? 'The content is the same' : 'The content differs'}</h3>
      <ul className="sentences" aria-label="Summary of the comparison">
        {result.summary.map((sentence, n) => (
          // The list never changes.
          <li key={n}>{visibleText(sentence)}</li>
        ))}
      </ul>
    </section>
  );
}

function Figures({ view: { a, b } }: { readonly view: ComparisonView }) {
  return (
    <section>
      <h3>Figures</h3>
      <table className="figures">
        <thead>
          <tr>
            <td />
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B − A</th>
          </tr>
        </thead>
        <tbody>
          {figureRows(a, b).map((figure) => (
            <tr key={figure.name}>
              <th scope="row">{figure.name}</th>
              <td>{figure.a}</td>
              <td>{figure.b}</td>
              <td className="difference">{figure.difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
