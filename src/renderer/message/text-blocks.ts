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

/** Controls other than line feed and tab, and what changes the direction of writing. */
// biome-ignore format: one class of characters
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text with what would hide or turn it made visible, each character by one, so that places in it stay the same. */
export function shownText(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.charCodeAt(0);
    // Control Pictures: U+2400 for NUL and so on, U+2421 for DELETE.
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\u25af';
  });
}
