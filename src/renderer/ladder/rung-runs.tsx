import { useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { RungCapture } from '../../contract/ladder.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { exportItems } from '../files/export-capture.ts';
import { captureState } from '../format/capture-state.ts';
import { countOf } from '../format/count.ts';
import { answerOf } from '../state/use-host-query.ts';
import { useCaptures } from '../state/captures.ts';
import type { RungView } from '../state/rung-view.ts';
import { Dot } from '../widgets/dot.tsx';
import { Icon } from '../widgets/icon.tsx';
import { MenuButton } from '../widgets/menu.tsx';
import { YieldPlot } from './yield-plot.tsx';
import { YieldTable } from './yield-table.tsx';
import { useYieldRows } from './use-yield-rows.ts';
import './rung-runs.css';

/** The runs of a rung, each of them a capture, and the yields and arrivals of one run. */
export function RungRuns({ view }: { readonly view: RungView }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { captures } = view;
  // Rung 4 is retried on a busy machine: its checks are about the last try.
  const usual = view.rung === 4 ? captures.at(-1) : captures[0];
  const plotted = captures.find(({ run }) => run === chosen) ?? usual;
  return (
    <>
      {plotted !== undefined && plotted.capture !== null && (
        <YieldsOfRun
          key={plotted.capture}
          capture={plotted.capture}
          title={plotted.title}
          hasFailed={view.stage === 'failed'}
          isRunning={view.stage === 'running'}
        />
      )}
      {captures.length > 0 && (
        <section className="panel-part">
          <h3>
            Runs <small>each is a capture</small>
          </h3>
          <ul className="runs">
            {captures.map((run) => (
              <RunItem
                key={run.run}
                run={run}
                isPlotted={run === plotted}
                onPlot={() => setChosen(run.run)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface YieldsOfRunProps {
  readonly capture: CaptureId;
  readonly title: string;
  readonly hasFailed: boolean;
  readonly isRunning: boolean;
}

function YieldsOfRun({ capture, title, hasFailed, isRunning }: YieldsOfRunProps) {
  const yields = useYieldRows(capture);
  const rows = answerOf(yields);
  return (
    <section className="panel-part">
      <h3>
        Yields and arrivals <small>{visibleText(title)}, on one clock</small>
      </h3>
      {yields.status === 'failed' && <p className="problem">{visibleText(yields.problem)}</p>}
      {rows !== null && rows.length === 0 && (
        <p className="dim">
          {isRunning
            ? 'No yields yet.'
            : 'The times of the yields are unknown: the server writes no log lines into its stream.'}
        </p>
      )}
      {rows !== null && rows.length > 0 && (
        <>
          <YieldPlot rows={rows} hasFailed={hasFailed} />
          <YieldTable rows={rows} capture={capture} />
        </>
      )}
    </section>
  );
}

interface RunItemProps {
  readonly run: RungCapture;
  readonly isPlotted: boolean;
  readonly onPlot: () => void;
}

function RunItem({ run, isPlotted, onPlot }: RunItemProps) {
  const { capture } = run;
  const summary = useCaptures((state) => (capture === null ? undefined : state.byId.get(capture)));
  const title = visibleText(run.title);
  if (capture === null || summary === undefined) {
    return (
      <li className="run">
        <span className="title">{title}</span>
        <small>{capture === null ? 'not recorded' : 'deleted'}</small>
      </li>
    );
  }
  const { tone, word } = captureState(summary);
  return (
    <li className={isPlotted ? 'run is-plotted' : 'run'}>
      <Dot tone={tone} title={word} />
      <button
        type="button"
        className="title row-link"
        title="Open this capture"
        onClick={() => useCaptures.getState().show(capture)}
      >
        {title}
      </button>
      <small>
        {countOf(summary.dispatched, 'event')} in {countOf(summary.rows.chunks, 'chunk')}
      </small>
      <button
        type="button"
        className="button quiet small"
        aria-pressed={isPlotted}
        title="Show the yields and arrivals of this run above"
        onClick={onPlot}
      >
        Plot
      </button>
      <MenuButton
        label={`Export ${title}`}
        className="button quiet square small"
        align="end"
        items={exportItems(capture)}
      >
        <Icon name="download" size={13} />
      </MenuButton>
    </li>
  );
}
