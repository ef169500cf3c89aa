/** Lines are joined when so many wait: a million short strings take many times the room of their characters. */
const JOIN_EVERY = 1024;

/** The text of lines joined by line feeds: the data of a block, or its comments. */
export class LineText {
  /** Null before the first line. */
  #text: string | null = null;
  #waiting: string[] = [];

  get text(): string {
    if (this.#waiting.length > 0) this.#join();
    return this.#text ?? '';
  }

  add(line: string): void {
    if (this.#text === null) {
      this.#text = line;
      return;
    }
    this.#waiting.push(line);
    if (this.#waiting.length === JOIN_EVERY) this.#join();
  }

  clear(): void {
    this.#text = null;
    if (this.#waiting.length > 0) this.#waiting = [];
  }

  #join(): void {
    this.#text = `${this.#text ?? ''}\n${this.#waiting.join('\n')}`;
    this.#waiting = [];
  }
}
