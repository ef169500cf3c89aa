import { join } from 'node:path';
import { app, dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import type { ExportResult } from '../../contract/commands.ts';
import { Refusal } from '../../contract/refusal.ts';
import { writeOutgoingFile, type OutgoingFile } from '../host/platform.ts';

/** Asks where to save a file made for the user, and writes it there. Throws a `Refusal` (`storage`) where it cannot. */
export async function saveWithDialog(
  window: BrowserWindow | null,
  file: OutgoingFile,
): Promise<ExportResult> {
  const options: SaveDialogOptions = {
    title: 'Export',
    defaultPath: join(app.getPath('downloads'), file.fileName),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  if (canceled || filePath === '') return { kind: 'cancelled' };
  try {
    await writeOutgoingFile(file, filePath);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal('storage', `The export could not be written: ${why}.`, { cause });
  }
  return { kind: 'saved', path: filePath };
}

/** Asks for files to open. Empty where the user gave up. */
export async function chooseFiles(window: BrowserWindow | null): Promise<readonly string[]> {
  const options: OpenDialogOptions = {
    title: 'Open captures',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Captures, HAR and event streams', extensions: ['ndjson', 'har', 'sse', 'txt', 'jsonl'] },
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const { canceled, filePaths } =
    window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}
