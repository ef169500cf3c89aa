import type { CaptureId } from '../../contract/capture-id.ts';
import type { ExportFormat } from '../../contract/export.ts';
import type { ExportResult } from '../../contract/export.ts';
import { assertNever } from '../../core/assert-never.ts';
import { exportFormatNames, exportFormats } from '../../core/export/formats.ts';
import { callHost, notifyProblem, useHost } from '../state/host.ts';
import type { MenuItem } from '../widgets/menu.tsx';

/** Exports a capture: the host asks where to save it, or the browser downloads it. Notifies the user of the result. */
export async function exportCapture(
  capture: CaptureId,
  format: ExportFormat,
  withSecrets: boolean,
): Promise<void> {
  await deliver(callHost('capture.export', { capture, format, withSecrets }));
}

/** Menu items for the export formats. */
export function exportItems(capture: CaptureId, withSecrets = false): readonly MenuItem[] {
  return exportFormatNames.map((format) => ({
    label: exportFormats[format].title,
    hint: exportFormats[format].hint,
    run: () => void exportCapture(capture, format, withSecrets),
  }));
}

/** Starts the download of an export where there is one, and notifies the user of the result. Never rejects. */
export async function deliver(exported: Promise<ExportResult>): Promise<void> {
  try {
    const result = await exported;
    switch (result.kind) {
      case 'saved':
        useHost.getState().notify('info', `Saved as ${result.path}`);
        break;
      case 'download':
        download(result.path, result.fileName);
        break;
      case 'cancelled':
        break;
      default:
        assertNever(result);
    }
  } catch (error) {
    notifyProblem(error);
  }
}

function download(path: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
