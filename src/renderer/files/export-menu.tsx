import { useRef, useState } from 'react';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useLadder } from '../state/ladder.ts';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu.tsx';
import { exportItems } from './export-capture.ts';

/** The Export button and its menu of formats. Secrets are redacted unless the user includes them, for each export anew. */
export function ExportMenu() {
  const button = useRef<HTMLButtonElement>(null);
  const capture = useCaptures((state) => state.current);
  // While a rung is shown, no capture is visible. The captures of a rung have their own export menus.
  const isShown = useLadder((state) => state.shown === null) && capture !== null;
  const open = useDialogs((state) => state.open?.kind === 'export') && isShown;
  const [withSecrets, setWithSecrets] = useState(false);
  const show = useDialogs((state) => state.show);
  const close = useDialogs((state) => state.close);
  const leave = (): void => {
    setWithSecrets(false);
    close();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={!isShown}
        title="Export capture"
        onClick={() => (open ? leave() : show({ kind: 'export' }))}
      >
        <Icon name="download" size={14} /> Export
      </button>
      {open && (
        <Menu
          at={button}
          align="end"
          label="Export as"
          onClose={leave}
          items={[
            ...exportItems(capture, withSecrets),
            {
              label: 'Include secrets',
              hint: 'if this capture contains any',
              checked: withSecrets,
              stays: true,
              apart: true,
              run: () => setWithSecrets(!withSecrets),
            },
          ]}
        />
      )}
    </>
  );
}
