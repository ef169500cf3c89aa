import type { CaptureRecord, CaptureRequest } from '../../core/capture/record.ts';
import type { PageReport } from '../browser/browser.ts';
import type { Climb } from './climb.ts';
import { evidence, headerOf, type ReceivedStream, type StreamRecorder } from './received-stream.ts';

/** The stream of a page's fetch() as the records of a capture. */
export function fetchRecords({ fetch }: PageReport): CaptureRecord[] {
  const records: CaptureRecord[] = [];
  if (fetch.status !== null) {
    const at = Math.min(fetch.chunks[0]?.at ?? fetch.ended, fetch.ended) - fetch.began;
    records.push({ kind: 'response', at, status: fetch.status, headers: fetch.headers, httpVersion: '' });
  }
  for (const [read, { at, base64 }] of fetch.chunks.entries()) {
    const bytes = Buffer.from(base64, 'base64');
    records.push({ kind: 'chunk', at: at - fetch.began, read, wireBytes: bytes.length, bytes });
  }
  const at = fetch.ended - fetch.began;
  records.push(
    fetch.error === null
      ? { kind: 'end', at, reason: 'complete' }
      : { kind: 'end', at, reason: 'error', error: { code: 'BROWSER', message: fetch.error } },
  );
  return records;
}

/** Records the stream of a page's fetch() and returns its capture. */
export async function keepFetch(
  climb: Climb,
  recorder: StreamRecorder | null,
  id: string,
  request: CaptureRequest,
  records: readonly CaptureRecord[],
  { fetch }: PageReport,
): Promise<ReceivedStream['capture']> {
  const title = 'fetch() in a page';
  const kept = await recorder?.(title, request, new Date(fetch.began).toISOString());
  for (const record of records) await kept?.sink(record);
  const capture = kept?.capture ?? null;
  climb.keep({ run: id, capture, title });
  return capture;
}

/** The response header field that allows a page of another origin. */
export const allowOrigin = 'access-control-allow-origin';

/** Checks that the response allows the page's origin. */
export function checkAllowedOrigin(
  climb: Climb,
  title: string,
  allows: boolean,
  asked: ReceivedStream,
  { origin }: PageReport,
): void {
  const allowed = headerOf(asked, allowOrigin) ?? '(none)';
  climb.check('cors-allows-the-page', title, allows, [
    evidence(asked, `${allowOrigin}: ${allowed}, for a page of ${origin}`, {
      kind: 'header',
      name: allowOrigin,
    }),
  ]);
}

/** Checks that fetch() in the page reads the stream. */
export function checkFetchReads(climb: Climb, { fetch }: PageReport, reads: boolean): void {
  climb.check('fetch-reads', 'fetch() reads the stream.', reads, [
    evidence(null, `status ${fetch.status ?? 'none'}${fetch.error === null ? '' : `: ${fetch.error}`}`),
  ]);
}
