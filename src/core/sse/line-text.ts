/** Up to this many lines are concatenated one by one, which is fastest. */
const FEW = 32;
/** More lines are joined in batches of this size: a million short strings take far more memory than their characters. */
const JOIN_EVERY = 1024;

/** The text of lines joined by line feeds: the data of a block, or its comments. */
export class LineText {
  #lines = 0;
  #text = '';
  #waiting: string[] = [];

  get text(): string {
    if (this.#waiting.length > 0) this.#join();
    return this.#text;
  }

  add(line: string): void {
    const lines = this.#lines++;
    if (lines === 0) {
      this.#text = line;
    } else if (lines < FEW) {
      this.#text += `\n${line}`;
    } else {
      this.#waiting.push(line);
      if (this.#waiting.length === JOIN_EVERY) this.#join();
    }
  }

  clear(): void {
    if (this.#lines === 0) return;
    this.#lines = 0;
    this.#text = '';
    if (this.#waiting.length > 0) this.#waiting = [];
  }

  #join(): void {
    this.#text += `\n${this.#waiting.join('\n')}`;
    this.#waiting = [];
  }
}
