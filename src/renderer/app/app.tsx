import { useEffect } from 'react';
import { CapturesSection } from '../captures/captures-section.tsx';
import { DetailPane } from '../detail/detail-pane.tsx';
import { DropZone } from '../files/drop-zone.tsx';
import { LadderSection } from '../ladder/ladder-section.tsx';
import { useMiddleView } from '../state/middle.ts';
import { usePreferences } from '../state/preferences.ts';
import { Notices } from '../status/notices.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { Toolbar } from '../toolbar/toolbar.tsx';
import '../widgets/controls.css';
import { Dialogs } from './dialogs.tsx';
import { Middle } from './middle.tsx';
import { applyPanes } from './pane-sizes.ts';
import { Splitter } from './splitter.tsx';
import { useTitle } from './use-title.ts';
import './app.css';

/** The window: toolbar above, captures left, timeline and table in the middle, detail right, figures below. */
export function App() {
  const panes = usePreferences((state) => state.panes);
  useEffect(() => applyPanes(panes), [panes]);
  /** What the middle shows is not of the capture whose detail stands at the right. */
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
        <Splitter pane="left" label="Width of the captures list" />
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
