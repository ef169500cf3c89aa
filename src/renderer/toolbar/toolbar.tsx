import { clientNames, clientTitles } from '../../core/capture/record.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useDraft } from '../state/draft.ts';
import { useHost } from '../state/host.ts';
import { runAction, shortcutText, type ActionId } from '../actions/actions.ts';
import { ExportMenu } from '../files/export-menu.tsx';
import { Icon } from '../widgets/icon.tsx';
import { MenuButton, type MenuItem } from '../widgets/menu.tsx';
import { MethodSelect } from './method-select.tsx';
import { RequestEditor } from './request-editor.tsx';
import { StatePill } from './state-pill.tsx';
import { UrlField } from './url-field.tsx';
import './toolbar.css';

/** What is opened and how, and whether it is. */
export function Toolbar() {
  return (
    <header className="toolbar">
      <h1 className="unseen">SSE Inspector</h1>
      <MethodSelect />
      <UrlField />
      <ClientSelect />
      <RequestEditor />
      <ConnectButton />
      <StatePill />
      <ExportMenu />
      <MoreMenu />
    </header>
  );
}

function ClientSelect() {
  const client = useDraft((state) => state.client);
  const hasBrowser = useHost((state) => state.description?.capabilities.browser ?? false);
  // One that a capture was made with stays chosen, so that connecting says why it cannot be had here.
  const offered = clientNames.filter((name) => name !== 'browser' || hasBrowser || client === name);
  return (
    <select
      className="select client"
      aria-label="Client"
      title="How the stream is opened: as bare HTTP, through the eventsource or the openai package, or by a page in a browser"
      value={client}
      onChange={(event) => {
        const chosen = clientNames.find((name) => name === event.target.value);
        if (chosen !== undefined) useDraft.getState().edit({ client: chosen });
      }}
    >
      {offered.map((name) => (
        <option key={name} value={name}>
          {clientTitles[name]}
        </option>
      ))}
    </select>
  );
}

function ConnectButton() {
  const live = useCaptures((state) => {
    const summary = currentSummary(state);
    return summary !== null && isLive(summary);
  });
  const sending = useDraft((state) => state.sending);
  const action = live ? 'stop' : 'connect';
  return (
    <button
      type="button"
      className={live ? 'button connect stop' : 'button primary connect'}
      disabled={sending}
      title={`${live ? 'Stop the stream' : 'Open the stream'} (${shortcutText(action)})`}
      onClick={() => runAction(action)}
    >
      {live ? 'Stop' : 'Connect'}
    </button>
  );
}

function MoreMenu() {
  return (
    <MenuButton
      label="More"
      className="button quiet square"
      align="end"
      items={[
        item('open-file', 'Open a file…'),
        item('open-as', 'Open as…'),
        item('palette', 'All commands…', true),
        item('shortcuts', 'Keyboard shortcuts'),
        item('toggle-theme', 'Light, dark or as the system'),
      ]}
    >
      <Icon name="more" />
    </MenuButton>
  );
}

function item(id: ActionId, label: string, apart = false): MenuItem {
  return { label, apart, shortcut: shortcutText(id), run: () => runAction(id) };
}
