import { useEffect, useRef } from 'react';
import { captureFileFormats, type CaptureFileFormat } from '../../core/import/file-format.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useImports } from '../state/imports.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu.tsx';
import './files.css';

/** The labels of the formats that a file can be opened as. */
const openFormats: Readonly<Record<CaptureFileFormat, { readonly title: string; readonly hint: string }>> = {
  'event-stream': { title: 'Event stream', hint: 'the bytes of a text/event-stream body' },
  ndjson: { title: 'JSON lines', hint: 'the bytes of a body with one JSON text a line' },
  har: { title: 'HAR', hint: 'an archive from the developer tools of a browser' },
  ssecap: { title: 'Capture', hint: '.ssecap.ndjson, as exported by SSE Inspector' },
};

/**
 * Asks for files. Browsers open their file dialog only in response to user input. After an item of the host's menu bar
 * there is none, so a dialog with a file field is shown.
 */
export function OpenDialog({ format }: { readonly format: CaptureFileFormat | null }) {
  const input = useRef<HTMLInputElement>(null);
  const close = useDialogs((state) => state.close);
  const byHand = navigator.userActivation.isActive;

  useEffect(() => {
    const element = input.current;
    if (element === null) return undefined;
    element.addEventListener('cancel', close);
    if (byHand) element.click();
    return () => element.removeEventListener('cancel', close);
  }, [byHand, close]);

  const field = (
    <input
      ref={input}
      type="file"
      className={byHand ? 'unseen' : undefined}
      aria-label="Files to open"
      multiple
      accept=".ndjson,.jsonl,.har,.sse,.txt,.log,application/x-ndjson,text/event-stream,*/*"
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        close();
        void useImports.getState().open(files, format);
      }}
    />
  );
  if (byHand) return field;
  return (
    <Dialog label="Open file" className="open-dialog" onClose={close}>
      <h2>{format === null ? 'Open file' : `Open file as ${openFormats[format].title}`}</h2>
      <p className="dim">
        {format === null
          ? 'A capture (.ssecap.ndjson), a HAR file, or the raw bytes of an event stream or JSON lines.'
          : openFormats[format].hint}
      </p>
      {field}
    </Dialog>
  );
}

/** Opens files in a format that the user chooses, without detection. */
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
        title="Open as…: choose the format of a file"
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
