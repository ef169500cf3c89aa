/** Takes what a `LineScanner` finds. Offsets are in the body. */
export interface LineSink {
  /** A line with something in it: `bytes[from, to)`, valid during the call, of which the first is at `offset`. */
  line(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** An empty line, with its ending before `end`. */
  blank(end: number): void;
  /** Both, where they arrive together: most lines of an event stream do. */
  lineAndBlank(bytes: Uint8Array, from: number, to: number, offset: number, end: number): void;
  /** A line has begun that will be told later. */
  opened(): void;
  /** As `line`, for a line that the end of the body cut off. */
  unfinished(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** The line told last ended in a CR, and the next chunk begins with an LF, which is half of its ending. */
  grew(end: number): void;
}
