import type { CaptureId } from '../../contract/capture-id.ts';
import type { ExportFormat, ExportResult } from '../../contract/export.ts';
import type { LadderRun } from '../../contract/ladder-run.ts';
import { exportCapture, exportFileType, suggestedFileName } from '../../core/export/formats.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import type { HostPlatform } from './platform.ts';

interface ExportParams {
  readonly capture: CaptureId;
  readonly format: ExportFormat;
  readonly withSecrets?: boolean | undefined;
}

/** Exports a capture for the user. The file is produced piece by piece while it is written. */
export async function deliverCapture(
  library: CaptureLibrary,
  platform: Pick<HostPlatform, 'deliver'>,
  version: string,
  { capture, format, withSecrets = false }: ExportParams,
): Promise<ExportResult> {
  const source = await library.source(capture);
  const framing = library.summary(capture)?.framing ?? null;
  const creator = { name: 'SSE Inspector', version };
  return platform.deliver({
    fileName: suggestedFileName(source.header, format, framing),
    contentType: exportFileType(format, framing).mimeType,
    body: () => asBytes(exportCapture(source, format, { creator, withSecrets })),
  });
}

/** Exports a run of the ladder for the user, as stored. */
export async function deliverLadderRun(
  run: LadderRun,
  platform: Pick<HostPlatform, 'deliver'>,
): Promise<ExportResult> {
  const text = `${JSON.stringify(run, null, 2)}\n`;
  return platform.deliver({
    fileName: `ladder-${run.startedAt.replaceAll(/[:.]/g, '-')}.json`,
    contentType: 'application/json',
    body: () => asBytes(one(text)),
  });
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}

async function* asBytes(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}
