import { useRef } from 'react';
import { captureFileFormats } from '../../core/import/file-format.ts';
import { useDialogs } from '../state/dialogs.ts';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu.tsx';
import { openFormats } from './open-formats.ts';

/** Opens files as the format that the user says, whatever they look like. */
export function OpenAsButton() {
  const button = useRef<HTMLButtonElement>(null);
  const open = useDialogs((state) => state.open?.kind === 'open-as');
  const { show, close } = useDialogs.getState();
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button quiet square small"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="Open as…"
        title="Open as…: say what format a file has"
        onClick={() => (open ? close() : show({ kind: 'open-as' }))}
      >
        <Icon name="chevron" size={14} />
      </button>
      {open && (
        <Menu
          at={button}
          label="Open as"
          onClose={close}
          items={captureFileFormats.map((format) => ({
            label: openFormats[format].title,
            hint: openFormats[format].hint,
            run: () => show({ kind: 'open-file', format }),
          }))}
        />
      )}
    </>
  );
}
