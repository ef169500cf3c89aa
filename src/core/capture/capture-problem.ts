/**
 * What can be wrong with a file that holds captures.
 * - `empty`: no bytes, or white space only.
 * - `unknown-format`: neither a capture, nor a HAR, nor an event stream, nor JSON lines.
 * - `future-version`: a capture written by a later version.
 * - `damaged-line`: a line of a capture that is no record; it is left out and the rest is kept.
 * - `torn-tail`: the last line breaks off, as after a crash; everything before it is kept.
 * - `damaged-file`: a HAR that is no JSON or not built as one.
 * - `no-event-stream`: a HAR without an entry that has an event stream or JSON lines.
 * - `no-body`: a HAR entry of a stream whose body was not saved; it is left out.
 * - `rebuilt-body`: a HAR entry without a body, which was rebuilt from its messages.
 * - `too-large`: more than can be read at once.
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

/** Bad input of a reader: a value, shown to the user, never an exception. */
export interface CaptureProblem {
  readonly code: CaptureProblemCode;
  /** One sentence for the user, without the file's name. */
  readonly message: string;
  /** Nothing could be read. Otherwise what could be read was, and the rest is reported here. */
  readonly fatal: boolean;
  /** Line of the file, from 1; null where the problem is the whole file's. */
  readonly line: number | null;
  /** Bytes of the file that were left out; null where that is not known. */
  readonly bytes: number | null;
}
