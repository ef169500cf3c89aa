/** A piece of a text that is drawn separately. */
export interface TextBlock {
  /** Its position in the whole text, UTF-16 code units. */
  readonly from: number;
  readonly text: string;
  readonly highlighted: boolean;
}

/** Code units of a block. */
const LENGTH = 4096;

/**
 * Cuts a text into blocks whose boundaries stay the same while it grows, with a separate piece for the highlight. A
 * surrogate pair is never cut.
 */
export function textBlocks(
  text: string,
  highlight: { readonly from: number; readonly to: number } | null,
): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  const add = (from: number, to: number, highlighted: boolean): void => {
    for (let at = from; at < to; ) {
      let end = Math.min(to, at - (at % LENGTH) + LENGTH);
      if (end < to && isLowSurrogate(text.charCodeAt(end))) end++;
      blocks.push({ from: at, text: text.slice(at, end), highlighted });
      at = end;
    }
  };
  if (highlight === null || highlight.from >= text.length) {
    add(0, text.length, false);
    return blocks;
  }
  const to = Math.min(highlight.to, text.length);
  add(0, highlight.from, false);
  blocks.push({ from: highlight.from, text: text.slice(highlight.from, to), highlighted: true });
  add(to, text.length, false);
  return blocks;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
