import { useDialogs } from '../state/dialogs.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { actionGroups, actionIds, windowActions } from '../../contract/window-actions.ts';
import { shortcutText } from './actions.ts';
import './shortcuts-sheet.css';

const inTable: readonly (readonly [string, string])[] = [
  ['Previous row, next row', '↑ ↓'],
  ['Page up, page down', 'PgUp PgDn'],
  ['First row, last row', 'Home End'],
  ['Go to the detail pane', 'Enter'],
  ['Clear selection', 'Esc'],
];

/** A dialog that lists all keyboard shortcuts. */
export function ShortcutsSheet() {
  const close = useDialogs((state) => state.close);
  return (
    <Dialog label="Keyboard shortcuts" className="shortcuts-sheet" onClose={close}>
      <h2>Keyboard shortcuts</h2>
      <div className="groups">
        {actionGroups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {actionIds
                .filter((id) => windowActions[id].group === group && windowActions[id].shortcut !== undefined)
                .map((id) => (
                  <Line key={id} what={windowActions[id].title} keys={shortcutText(id)} />
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>In the table</h3>
          <dl>
            {inTable.map(([what, keys]) => (
              <Line key={what} what={what} keys={keys} />
            ))}
          </dl>
        </section>
      </div>
      <div className="choices">
        <button type="button" className="button" autoFocus onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Line({ what, keys }: { readonly what: string; readonly keys: string }) {
  return (
    <>
      <dt>{what}</dt>
      <dd>
        <kbd>{keys}</kbd>
      </dd>
    </>
  );
}
