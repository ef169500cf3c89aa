import { stat } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { recordingStopped } from '../../core/analysis/stream-totals.ts';
import type { CaptureHeader } from '../../core/capture/record.ts';
import { readHeaderAndEnd } from './capture-file.ts';
import type { RecordingLocks } from './recording-locks.ts';
import { readSidecar } from './sidecar.ts';
import { nextRevision, summaryEnd, summaryRequest } from './summary.ts';

/** A capture that is not open. */
export interface StoredCapture {
  readonly name: string | null;
  readonly summary: CaptureSummary;
  /** Size of its file when the summary was made; null if the summary does not cover the whole file. */
  readonly size: number | null;
}

/** Reads a capture's summary from its sidecar, or else from the beginning and end of its file. Null if there is no file. */
export async function readStored(
  id: CaptureId,
  path: string,
  sidecarPath: string,
  locks: Pick<RecordingLocks, 'isHeldElsewhere'>,
): Promise<StoredCapture | null> {
  // Before the size is read: if no process records it, the size is final.
  const recordedElsewhere = await locks.isHeldElsewhere(id);
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile()) return null;
  const sidecar = await readSidecar(sidecarPath);
  const { name: givenName = null, summary = null } = sidecar ?? {};
  if (summary !== null && (recordedElsewhere || summary.size === info.size)) {
    const name = givenName;
    const phase = recordedElsewhere ? summary.of.phase : 'stored';
    return {
      name,
      summary: { ...summary.of, id, name, phase, recordedElsewhere, revision: nextRevision() },
      size: recordedElsewhere ? null : summary.size,
    };
  }
  const { header, hasEnd } = await readHeaderAndEnd(path).catch(() => ({ header: null, hasEnd: false }));
  // Its recording is just beginning.
  if (header === null && recordedElsewhere) return null;
  const name = sidecar === null ? (header?.header.name ?? null) : sidecar.name;
  return {
    name,
    summary: {
      ...unreadSummary(id, name, header?.header ?? fallbackHeader(id), header?.origin ?? 'file', hasEnd),
      ...(recordedElsewhere ? { phase: 'streaming', recordedElsewhere, end: null, warnings: [] } : {}),
    },
    size: null,
  };
}

/** The summary of a capture before its file is read. */
function unreadSummary(
  id: CaptureId,
  name: string | null,
  { request, startedAt }: CaptureHeader,
  origin: CaptureSummary['origin'],
  hasEnd: boolean,
): CaptureSummary {
  const stopped = recordingStopped(null);
  return {
    id,
    revision: nextRevision(),
    name,
    request: summaryRequest(request),
    startedAt,
    phase: 'stored',
    worst: null,
    recordedElsewhere: false,
    status: null,
    contentType: null,
    framing: null,
    end: hasEnd ? null : summaryEnd(stopped),
    rows: { chunks: 0, blocks: 0, documents: 0 },
    dispatched: 0,
    bytes: 0,
    wireBytes: 0,
    firstByteAt: null,
    lastAt: null,
    rates: null,
    gaps: null,
    silences: { threshold: null, stalls: [], stallCount: 0, openSince: null },
    output: null,
    warnings: hasEnd ? [] : [{ code: 'recording-stopped', message: stopped.error?.message ?? '' }],
    origin,
  };
}

/** Replaces a damaged header. The capture's id still contains the time of its start. */
export function fallbackHeader(id: CaptureId): CaptureHeader {
  const time = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})-/.exec(id);
  const startedAt =
    time === null
      ? new Date(0).toISOString()
      : `${time[1]}-${time[2]}-${time[3]}T${time[4]}:${time[5]}:${time[6]}.${time[7]}Z`;
  return {
    format: 'ssecap',
    version: 1,
    request: { method: 'GET', url: '', headers: [], client: 'raw' },
    startedAt,
  };
}
