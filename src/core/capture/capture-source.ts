import type { CaptureHeader, CaptureRecord } from './record.ts';
import { redactHeader, redactRecord } from './redact.ts';

/** Records in order, from memory or from a file. */
export type Records = Iterable<CaptureRecord> | AsyncIterable<CaptureRecord>;

/**
 * A capture that can be read several times without being kept in memory. Exports that need the body twice (HAR) use it.
 */
export interface CaptureSource {
  readonly header: CaptureHeader;
  /** Starts from the first record at each call. */
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
