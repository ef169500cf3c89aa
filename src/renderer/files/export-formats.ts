import type { ExportFormat } from '../../contract/commands.ts';

/** What a capture can be exported to, as a menu says it. */
export interface ExportChoice {
  readonly format: ExportFormat;
  readonly title: string;
  readonly hint: string;
}

export const exportChoices: readonly ExportChoice[] = [
  { format: 'ssecap', title: 'Capture', hint: '.ssecap.ndjson: everything, to share and open again' },
  { format: 'har', title: 'HAR', hint: '.har: for browsers’ developer tools' },
  { format: 'sse', title: 'Raw body', hint: '.sse: the bytes exactly as received' },
  { format: 'ndjson', title: 'Events', hint: '.ndjson: one event a line' },
  { format: 'csv', title: 'Table', hint: '.csv: for spreadsheets' },
  { format: 'curl', title: 'curl command', hint: 'sends the request again' },
];
