import type { CaptureFileFormat } from '../../core/import/file-format.ts';

/** What a file can be opened as, as a menu says it. */
export const openFormats: Readonly<
  Record<CaptureFileFormat, { readonly title: string; readonly hint: string }>
> = {
  'event-stream': { title: 'Event stream', hint: 'the bytes of a text/event-stream body' },
  ndjson: { title: 'JSON lines', hint: 'the bytes of a body with one JSON text a line' },
  har: { title: 'HAR', hint: 'an archive from a browser’s developer tools' },
  ssecap: { title: 'Capture', hint: '.ssecap.ndjson, as exported by this program' },
};
