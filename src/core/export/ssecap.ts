import type { CaptureSource } from '../capture/capture-source.ts';
import { ssecapHeaderLine, ssecapRecordLine } from '../capture/ssecap-writer.ts';

/** The capture as an `.ssecap.ndjson` file, line by line. Only redacted secrets are lost. */
export async function* exportSsecap(source: CaptureSource): AsyncGenerator<string> {
  yield ssecapHeaderLine(source.header);
  for await (const record of source.records()) yield ssecapRecordLine(record);
}
