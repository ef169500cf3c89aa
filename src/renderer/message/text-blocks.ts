/** A piece of a text that is drawn by itself. */
export interface TextBlock {
  /** Its place in the whole text, UTF-16 code units. */
  readonly from: number;
  readonly text: string;
  readonly lit: boolean;
}

/** Code units of a block. */
const LENGTH = 4096;

/**
 * Cuts a text into blocks whose borders stay where they are while it grows, with a piece of its own for what is lit. A
 * surrogate pair is never cut.
 */
export function textBlocks(
  text: string,
  light: { readonly from: number; readonly to: number } | null,
): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  const add = (from: number, to: number, lit: boolean): void => {
    for (let at = from; at < to; ) {
      let end = Math.min(to, at - (at % LENGTH) + LENGTH);
      if (end < to && isLowSurrogate(text.charCodeAt(end))) end++;
      blocks.push({ from: at, text: text.slice(at, end), lit });
      at = end;
    }
  };
  if (light === null || light.from >= text.length) {
    add(0, text.length, false);
    return blocks;
  }
  const to = Math.min(light.to, text.length);
  add(0, light.from, false);
  blocks.push({ from: light.from, text: text.slice(light.from, to), lit: true });
  add(to, text.length, false);
  return blocks;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
