import { clientNames, clientTitles } from '../../core/capture/record.ts';
import { currentSummary, isLive, useCaptures } from '../state/captures.ts';
import { useDraft } from '../state/draft.ts';
import { useHost } from '../state/host.ts';
import { ActionButton, actionItems } from '../actions/action-button.tsx';
import { ExportMenu } from '../files/export-menu.tsx';
import { Icon } from '../widgets/icon.tsx';
import { MenuButton } from '../widgets/menu.tsx';
import { MethodSelect } from './method-select.tsx';
import { RequestEditor } from './request-editor.tsx';
import { StatePill } from './state-pill.tsx';
import { UrlField } from './url-field.tsx';
import './toolbar.css';

/** The request to send, and the state of the current capture. */
export function Toolbar() {
  return (
    <header className="toolbar">
      <h1 className="unseen">SSE Inspector</h1>
      <div className="draft" role="group" aria-label="Draft of a request">
        <DraftMenu />
        <MethodSelect />
        <UrlField />
        <ClientSelect />
        <RequestEditor />
      </div>
      <ConnectButton />
      <StatePill />
      <ExportMenu />
      <MoreMenu />
    </header>
  );
}

/** Says that what stands beside it is not what was sent, and offers what can be done with it. */
function DraftMenu() {
  return (
    <MenuButton label="Draft" className="button quiet draft-menu" items={actionItems('draft')}>
      Draft <Icon name="chevron" size={12} />
    </MenuButton>
  );
}

function ClientSelect() {
  const client = useDraft((state) => state.client);
  const hasBrowser = useHost((state) => state.description?.capabilities.browser ?? false);
  // An unavailable client taken from a capture stays selected, so that connecting reports why it is unavailable.
  const offered = clientNames.filter((name) => name !== 'browser' || hasBrowser || client === name);
  return (
    <select
      className="select client"
      aria-label="Client"
      title="How the stream is opened: plain HTTP, the eventsource or openai package, or a page in a browser"
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
  return (
    <ActionButton
      id={live ? 'stop' : 'connect'}
      className={live ? 'button connect stop' : 'button primary connect'}
      disabled={sending}
    >
      {live ? 'Stop' : 'Connect'}
    </ActionButton>
  );
}

function MoreMenu() {
  return (
    <MenuButton label="More" className="button quiet square" align="end" items={actionItems('more')}>
      <Icon name="more" />
    </MenuButton>
  );
}
