import { useEffect } from 'react';
import { usePreferences } from '../state/preferences.ts';
import { applyPanes } from './pane-sizes.ts';
import { Splitter } from './splitter.tsx';
import './app.css';

/** The window: toolbar above, captures left, timeline and table in the middle, detail right, figures below. */
export function App() {
  const panes = usePreferences((state) => state.panes);
  useEffect(() => applyPanes(panes), [panes]);

  return (
    <div className="app">
      <header className="toolbar" />
      <aside className="left" aria-label="Captures" />
      <Splitter pane="left" label="Width of the captures list" />
      <main className="middle">
        <div className="timeline-pane" />
        <Splitter pane="timeline" label="Height of the timeline" />
      </main>
      <Splitter pane="right" label="Width of the detail pane" />
      <aside className="right" aria-label="Detail" />
      <footer className="status" />
    </div>
  );
}
