import { join } from 'node:path';
import { app, dialog, type BrowserWindow, type SaveDialogOptions } from 'electron';
import type { ExportResult } from '../../contract/export.ts';
import { Refusal } from '../../contract/refusal.ts';
import { writeOutgoingFile, type OutgoingFile } from '../host/platform.ts';

/** Asks where to save a file made for the user, and writes it there. Throws a `Refusal` (`storage`) if that fails. */
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
