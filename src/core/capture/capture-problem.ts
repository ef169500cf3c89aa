/**
 * What can be wrong with a capture file.
 * - `empty`: no bytes, or white space only.
 * - `unknown-format`: neither a capture, nor a HAR, nor an event stream, nor JSON lines.
 * - `future-version`: a capture written by a later version.
 * - `damaged-line`: a line of a capture that is not a record; it is skipped and the rest is kept.
 * - `torn-tail`: the last line is incomplete, as after a crash; everything before it is kept.
 * - `damaged-file`: a HAR file that is not JSON or has another structure.
 * - `no-event-stream`: a HAR file without an event stream or JSON lines.
 * - `no-body`: a HAR entry of a stream whose body was not saved; it is skipped.
 * - `rebuilt-body`: the body of a HAR entry was not saved and was rebuilt from its messages.
 * - `too-large`: larger than the limit.
 */
export type CaptureProblemCode =
  | 'empty'
  | 'unknown-format'
  | 'future-version'
  | 'damaged-line'
  | 'torn-tail'
  | 'damaged-file'
  | 'no-event-stream'
  | 'no-body'
  | 'rebuilt-body'
  | 'too-large';

/** A problem in the input of a reader: a value shown to the user, never an exception. */
export interface CaptureProblem {
  readonly code: CaptureProblemCode;
  /** One sentence for the user, without the file's name. */
  readonly message: string;
  /** Nothing could be read. Otherwise everything but the reported part was read. */
  readonly fatal: boolean;
  /** Line of the file, from 1; null if the problem concerns the whole file. */
  readonly line: number | null;
  /** Bytes of the file that were skipped; null if not known. */
  readonly bytes: number | null;
}
