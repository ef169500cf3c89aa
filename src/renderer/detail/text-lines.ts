import { firstIndex } from '../../core/binary-search.ts';

/** Where a text is broken into lines: line `n` is [starts[n], starts[n + 1]), including a line feed at its end. */
export interface TextLines {
  readonly starts: Uint32Array;
  readonly count: number;
}

/**
 * Breaks `text` at its line feeds and after `columns` characters of fixed width (wide ones count two), so that lines
 * have the same height and only visible ones need drawing. One pass; a surrogate pair is never broken.
 */
export function breakLines(text: string, columns: number): TextLines {
  const width = Math.max(8, columns);
  let starts = new Uint32Array(256);
  let count = 0;
  const add = (at: number): void => {
    if (count === starts.length) {
      const grown = new Uint32Array(count * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at;
  };
  add(0);
  let column = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0a) {
      add(at + 1);
      column = 0;
      continue;
    }
    // The second half of a pair stays with the first, whose width counted for both.
    if (unit >= 0xdc00 && unit < 0xe000 && at > 0) continue;
    const cells = cellsOf(unit);
    if (column + cells > width) {
      add(at);
      column = 0;
    }
    column += cells;
  }
  return { starts, count };
}

/** Line that holds the character at `position`. */
export function lineOf(lines: TextLines, position: number): number {
  return firstIndex(1, Math.max(1, lines.count), (line) => (lines.starts[line] ?? 0) > position) - 1;
}

/** Beginning and end of line `index` in a text of `length`. */
export function lineSpan(
  lines: TextLines,
  index: number,
  length: number,
): readonly [from: number, to: number] {
  const from = lines.starts[index] ?? length;
  return [from, index + 1 < lines.count ? (lines.starts[index + 1] ?? length) : length];
}

/** Cells that a code unit takes: control and format characters are shown as signs (`‹202e›`), East Asian ones are wide. */
function cellsOf(unit: number): number {
  if (unit < 0x20) return unit === 0x09 || unit === 0x0d || unit === 0 ? 1 : 6;
  if (unit < 0x7f) return 1;
  if (
    unit < 0xa0 ||
    (unit >= 0x200b && unit <= 0x200f) ||
    (unit >= 0x2028 && unit <= 0x202e) ||
    unit === 0xfeff
  )
    return 6;
  return unit >= 0x1100 && (unit < 0x1160 || unit >= 0x2e80) ? 2 : 1;
}
