/**
 * A half-open range of bytes in the decoded body: from `start` up to, but not including, `end`. Everything derived from
 * a stream has one, so it can be shown with its bytes.
 */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
