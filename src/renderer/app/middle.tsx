import { currentSummary, useCaptures } from '../state/captures.ts';
import { BackToRung } from '../ladder/back-to-rung.tsx';
import { LabLogPane } from '../lab-log/lab-log-pane.tsx';
import { RungPanel } from '../ladder/rung-panel.tsx';
import { ComparePane } from '../compare/compare-pane.tsx';
import { useLadder } from '../state/ladder.ts';
import { useMiddleView } from '../state/middle.ts';
import { RequestLine } from '../requests/request-line.tsx';
import { Banners } from '../banners/banners.tsx';
import { Welcome } from '../empty-state/welcome.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { Splitter } from './splitter.tsx';
import { TabBar, TabPanel } from './tab-bar.tsx';

/** The middle pane: timeline and table of the current capture, a rung of the ladder, the lab log, a comparison, or the welcome page. */
export function Middle() {
  const summary = useCaptures(currentSummary);
  const problem = useCaptures((state) => state.openProblem);
  const rung = useLadder((state) => state.shown);
  const view = useMiddleView();
  if (view === 'comparison') return <ComparePane />;
  if (view === 'lab-log') return <LabLogPane />;
  if (rung !== null) return <RungPanel rung={rung} />;
  if (problem !== null) {
    return (
      <main className="middle">
        <div className="empty-state" role="alert">
          <h2>This capture could not be opened</h2>
          <p>{problem}</p>
        </div>
      </main>
    );
  }
  return (
    <main className="middle">
      {summary === null ? (
        <Welcome />
      ) : (
        <>
          <BackToRung capture={summary.id} />
          <RequestLine summary={summary} />
          <div className="timeline-pane">
            <Timeline />
          </div>
          <Splitter pane="timeline" label="Height of the timeline" />
          <TabBar summary={summary} />
          <Banners summary={summary} />
          <TabPanel summary={summary} />
        </>
      )}
    </main>
  );
}
