import { useEffect, useRef } from 'react';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useImports } from '../state/imports.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { openFormats } from './open-formats.ts';
import './files.css';

/**
 * Asks for a file. Browsers show their file dialog only in answer to the user's hand; where a menu of the host asked,
 * there is a button to press.
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
    <Dialog label="Open a file" className="open-dialog" onClose={close}>
      <h2>{format === null ? 'Open a file' : `Open a file as ${openFormats[format].title}`}</h2>
      <p className="dim">
        {format === null
          ? 'A capture (.ssecap.ndjson), a HAR file, or the raw bytes of an event stream or of JSON lines.'
          : openFormats[format].hint}
      </p>
      {field}
    </Dialog>
  );
}
