/**
 * A half-open range of the decoded body, in bytes from its first byte: `start` is in it, `end` is not.
 * Everything derived from a stream carries one, so that it can be shown with the bytes that made it.
 */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
