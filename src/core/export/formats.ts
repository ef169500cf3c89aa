import type { Framing } from '../sse/block.ts';
import { redactSource, type CaptureSource } from '../capture/capture-source.ts';
import type { CaptureHeader } from '../capture/record.ts';
import { wordsOf } from '../vocabulary.ts';
import { exportBody } from './body.ts';
import { exportCsv } from './csv.ts';
import { curlCommand } from './curl.ts';
import { exportEventLines } from './event-lines.ts';
import { fetchCode } from './fetch-code.ts';
import { exportHar, type HarCreator } from './har.ts';
import { messageLines, messageMarkdown } from './message-file.ts';
import { pythonCode } from './python-code.ts';
import { exportSsecap } from './ssecap.ts';

/** How a capture becomes a file. */
export interface ExportFormat {
  /** Its title in menus, and what it is for. */
  readonly title: string;
  readonly hint: string;
  readonly mimeType: string;
  /** With its dot. */
  readonly extension: string;
  /** The file, piece by piece; the capture is not kept in memory. Write text as UTF-8. */
  write(source: CaptureSource, creator: HarCreator): AsyncIterable<string | Uint8Array>;
}

/** Export formats by their name on the command line, in menu order. */
export const exportFormats = {
  ssecap: {
    title: 'Capture',
    hint: '.ssecap.ndjson: everything, to share and open again',
    mimeType: 'application/x-ndjson',
    extension: '.ssecap.ndjson',
    write: exportSsecap,
  },
  har: {
    title: 'HAR',
    hint: '.har: for browsers’ developer tools',
    mimeType: 'application/json',
    extension: '.har',
    write: exportHar,
  },
  sse: {
    title: 'Raw body',
    hint: '.sse: the bytes exactly as received',
    mimeType: 'text/event-stream',
    extension: '.sse',
    write: (source) => exportBody(source.records()),
  },
  ndjson: {
    title: 'Events',
    hint: '.ndjson: one event a line',
    mimeType: 'application/x-ndjson',
    extension: '.events.ndjson',
    write: (source) => exportEventLines(source.records()),
  },
  csv: {
    title: 'Table',
    hint: '.csv: for spreadsheets',
    mimeType: 'text/csv; charset=utf-8',
    extension: '.csv',
    write: (source) => exportCsv(source.records()),
  },
  markdown: {
    title: 'Message',
    hint: '.md: text, reasoning and tool calls, to read',
    mimeType: 'text/markdown; charset=utf-8',
    extension: '.md',
    write: messageMarkdown,
  },
  messages: {
    title: 'Message as JSON',
    hint: '.ndjson: one message a line, with usage and finish reason',
    mimeType: 'application/x-ndjson',
    extension: '.messages.ndjson',
    write: messageLines,
  },
  curl: {
    title: 'curl command',
    hint: 'sends the request again',
    mimeType: 'text/x-shellscript; charset=utf-8',
    extension: '.sh',
    async *write(source) {
      yield `${curlCommand(source.header.request)}\n`;
    },
  },
  fetch: {
    title: 'JavaScript',
    hint: 'sends the request again with fetch()',
    mimeType: 'text/javascript; charset=utf-8',
    extension: '.mjs',
    async *write(source) {
      yield fetchCode(source.header.request);
    },
  },
  python: {
    title: 'Python',
    hint: 'sends the request again with urllib',
    mimeType: 'text/x-python; charset=utf-8',
    extension: '.py',
    async *write(source) {
      yield pythonCode(source.header.request);
    },
  },
} satisfies Readonly<Record<string, ExportFormat>>;

/** The name of an export format. */
export type ExportFormatName = keyof typeof exportFormats;
export const exportFormatNames = wordsOf(exportFormats);

/** Exports a capture. Secrets are redacted unless `withSecrets` is set. */
export function exportCapture(
  source: CaptureSource,
  format: ExportFormatName,
  options: { readonly creator: HarCreator; readonly withSecrets: boolean },
): AsyncIterable<string | Uint8Array> {
  const shown = options.withSecrets ? source : redactSource(source);
  return exportFormats[format].write(shown, options.creator);
}

/** Extension and media type of a file in a format: the body of JSON lines is a file of JSON lines. */
export function exportFileType(
  format: ExportFormatName,
  framing: Framing | null,
): Pick<ExportFormat, 'extension' | 'mimeType'> {
  if (format !== 'sse' || framing !== 'ndjson') return exportFormats[format];
  return { extension: '.jsonl', mimeType: 'application/x-ndjson' };
}

/**
 * A file name for an export: host, last part of the path and time, or the capture's name; only letters, digits, dots
 * and dashes, so it is safe on every system for any URL.
 */
export function suggestedFileName(
  header: CaptureHeader,
  format: ExportFormatName,
  framing: Framing | null = null,
): string {
  const { url } = header.request;
  const [, host = '', path = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i.exec(url) ?? [];
  const place = `${host.replace(/:\d+$/, '')} ${path.split('/').filter(Boolean).at(-1) ?? ''}`;
  const time = header.startedAt.replace(/\.\d*|Z$/g, '').replaceAll(':', '');
  const words = header.name ?? `${place} ${time}`;
  const stem = words
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 100);
  return `${stem === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(stem) ? `capture-${stem}` : stem}${exportFileType(format, framing).extension}`;
}
