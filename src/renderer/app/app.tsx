import { useEffect } from 'react';
import { visibleText } from '../../core/text/visible-text.ts';
import { CapturesSection } from '../captures/captures-section.tsx';
import { DetailPane } from '../detail/detail-pane.tsx';
import { DropZone } from '../files/drop-zone.tsx';
import { captureState } from '../format/capture-state.ts';
import { requestTitle } from '../format/request-title.ts';
import { LadderSection } from '../ladder/ladder-section.tsx';
import { currentSummary, useCaptures } from '../state/captures.ts';
import { useMiddleView } from '../state/middle.ts';
import { usePreferences } from '../state/preferences.ts';
import { Notices } from '../status/notices.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { Toolbar } from '../toolbar/toolbar.tsx';
import '../widgets/controls.css';
import { Dialogs } from './dialogs.tsx';
import { Middle } from './middle.tsx';
import { applyPanes, Splitter } from './splitter.tsx';
import './app.css';

/** The window: toolbar at the top, captures on the left, timeline and table in the middle, detail on the right, status bar at the bottom. */
export function App() {
  const panes = usePreferences((state) => state.panes);
  useEffect(() => applyPanes(panes), [panes]);
  /** The middle does not show the capture that the detail pane is about. */
  const isWide = useMiddleView() !== 'capture';
  useTitle();

  return (
    <div className={isWide ? 'app wide' : 'app'}>
      <Toolbar />
      <nav className="side" aria-label="Ladder and captures">
        <div className="left">
          <LadderSection />
          <CapturesSection />
        </div>
        <Splitter pane="left" label="Width of the left pane" />
      </nav>
      <Middle />
      {!isWide && (
        <aside className="side" aria-label="Detail">
          <Splitter pane="right" label="Width of the detail pane" />
          <div id="detail" className="right" tabIndex={-1}>
            <DetailPane />
          </div>
        </aside>
      )}
      <StatusBar />
      <Notices />
      <Dialogs />
      <DropZone />
    </div>
  );
}

/** Sets the window's title to the name and state of the current capture. */
function useTitle(): void {
  const title = useCaptures((state) => {
    const summary = currentSummary(state);
    if (summary === null) return 'SSE Inspector';
    const { method, path, host } = requestTitle(summary.request);
    const name = visibleText(summary.name ?? `${method} ${host}${path}`.trim());
    return `${name} · ${captureState(summary).word} · SSE Inspector`;
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
