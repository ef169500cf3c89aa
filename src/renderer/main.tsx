import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { ActionInput } from './actions/keyboard.ts';
import { connect } from './connection/connect.ts';
import { attachHost } from './state/attach.ts';
import { writePreferences } from './state/preferences.ts';
import './theme/tokens.css';
import './theme/base.css';
import { keepTheme } from './theme/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page lacks its root element');

keepTheme();
const input = new ActionInput();
attachHost(connect(), input.onMenu);
input.listen();
addEventListener('pagehide', writePreferences);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
