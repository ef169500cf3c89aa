const LF = 0x0a;
const CR = 0x0d;

/** How a line ends. [spec] HTML §9.2.6 allows all three, also mixed. */
export type LineEnding = 'LF' | 'CRLF' | 'CR';

/** The line endings of a body, and the first one of another kind. Stops reading when they are mixed. */
export class LineEndings {
  /** The kind of the first line. */
  usual: LineEnding | null = null;
  /** The first line ending of another kind, or null. */
  other: { readonly ending: LineEnding; readonly offset: number } | null = null;
  #offset = 0;
  #afterCr = false;

  /** Reads the next bytes of the body. */
  push(bytes: Uint8Array): void {
    const base = this.#offset;
    this.#offset += bytes.length;
    if (this.other !== null || bytes.length === 0) return;
    let at = 0;
    if (this.#afterCr) {
      this.#afterCr = false;
      const isCrlf = bytes[0] === LF;
      this.#see(isCrlf ? 'CRLF' : 'CR', base - 1);
      if (isCrlf) at = 1;
    }
    // Fast path: nearly all streams use only LF; one native search per chunk confirms it.
    let cr = bytes.indexOf(CR, at);
    if (cr === -1) {
      if (this.usual === 'LF') return;
      const lf = bytes.indexOf(LF, at);
      if (lf !== -1) this.#see('LF', base + lf);
      return;
    }
    while (this.other === null && at < bytes.length) {
      if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
      const lf = bytes.indexOf(LF, at);
      if (cr === -1 && lf === -1) return;
      if (cr === -1 || (lf !== -1 && lf < cr)) {
        this.#see('LF', base + lf);
        at = lf + 1;
      } else if (cr + 1 === bytes.length) {
        this.#afterCr = true;
        return;
      } else {
        const isCrlf = bytes[cr + 1] === LF;
        this.#see(isCrlf ? 'CRLF' : 'CR', base + cr);
        at = cr + (isCrlf ? 2 : 1);
      }
    }
  }

  /** The body ended, and the next begins at the same offset. */
  endBody(): void {
    if (this.#afterCr) this.#see('CR', this.#offset - 1);
    this.#afterCr = false;
  }

  #see(ending: LineEnding, offset: number): void {
    if (this.usual === null) this.usual = ending;
    else if (ending !== this.usual && this.other === null) this.other = { ending, offset };
  }
}
