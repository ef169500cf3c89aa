import type { CaptureHeader, CaptureRecord } from './record.ts';
import { redactHeader, redactRecord } from './redact.ts';

/** Records in order, from memory or from a file. */
export type Records = Iterable<CaptureRecord> | AsyncIterable<CaptureRecord>;

/**
 * A capture that can be gone through more than once without being held in memory: exports that state the body several
 * times (HAR) need that.
 */
export interface CaptureSource {
  readonly header: CaptureHeader;
  /** Begins anew with each call. */
  records(): Records;
}

/** The same capture without secrets. */
export function redactSource(source: CaptureSource): CaptureSource {
  return {
    header: redactHeader(source.header),
    async *records() {
      for await (const record of source.records()) yield redactRecord(record);
    },
  };
}
