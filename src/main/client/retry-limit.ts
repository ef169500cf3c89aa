const LF = 10;
const CR = 13;
const LETTER_R = 0x72;
/** Longer than any line with a meaningful time. */
const LONGEST_LINE = 40;

/**
 * Limits the reconnection times in an event stream for a library that passes any number to a timer: a timer of more
 * than 2^31 ms fires at once. The rest of the stream is passed through unchanged, and the recording is not affected.
 */
export class RetryLimit {
  readonly #longest: number;
  /** The line so far while it may be a `retry` field with a number; null in any other line. */
  #held: string | null = '';

  /** @param longest in ms */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Returns the bytes that can be passed on. Holds back the beginning of a line that may be a `retry` field. */
  push(bytes: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const held = this.#held;
      if (byte === LF || byte === CR) {
        if (held !== null && held !== '') {
          out.push(Buffer.from(this.#limited(held)));
          from = at;
        }
        this.#held = '';
      } else if (held === '' && byte !== LETTER_R) {
        this.#held = null;
      } else if (held !== null) {
        const line = held + String.fromCharCode(byte);
        if (!isRetry(line)) {
          if (held !== '') out.push(Buffer.from(held));
          from = held === '' ? from : at;
          this.#held = null;
          continue;
        }
        if (held === '') out.push(bytes.subarray(from, at));
        this.#held = line.length > LONGEST_LINE ? held : line;
        from = at + 1;
      }
    }
    if (out.length === 0) return bytes.subarray(from);
    return Buffer.concat([...out, bytes.subarray(from)]);
  }

  #limited(line: string): string {
    const [, name = '', digits] = /^(retry: ?)(\d+)$/.exec(line) ?? [];
    return digits !== undefined && Number(digits) > this.#longest ? `${name}${this.#longest}` : line;
  }
}

/** [spec] HTML §9.2.6: "If the field value consists of only ASCII digits". */
const isRetry = (line: string): boolean => 'retry: '.startsWith(line) || /^retry: ?\d*$/.test(line);
