import { visibleText } from '../core/text/visible-text.ts';

/** SGR parameters of each style (ECMA-48 §8.3.117). */
const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof styles;

/** A piece of a line, with or without a style. */
export type Span = string | { readonly text: string; readonly style: Style };

/** A line of text for a terminal, without line feeds. */
export type Line = string | readonly Span[];

export function styled(style: Style, text: string): Span {
  return { style, text };
}

export function spansOf(line: Line): readonly Span[] {
  return typeof line === 'string' ? [line] : line;
}

/** The text of a line without styles, with control characters made visible. */
export function plainText(line: Line): string {
  return rendered(spansOf(line), false);
}

/** The mark of a rung or a check in reports. */
export function mark(state: 'passed' | 'failed' | 'skipped'): Span {
  switch (state) {
    case 'passed':
      return styled('green', '✓');
    case 'failed':
      return styled('red', '✗');
    case 'skipped':
      return styled('dim', '–');
  }
}

/** Characters that take two columns: CJK, fullwidth forms and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Characters that are drawn over the one before them. */
const combining = /[\p{Mn}\p{Me}]/u;
/** Every character takes one column. */
const narrow = /^[\x20-\x7e\xa0-\u02ff\u2010-\u2027\u2190-\u21ff]*$/;

/** Columns that a terminal needs for this text. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): 0 | 1 | 2 {
  return combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** The beginning of a text that fits into these columns. */
function fitting(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, width);
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Cuts a line to these columns, with an ellipsis if something is left out. */
export function cut(line: Line, width: number): readonly Span[] {
  const spans = spansOf(line);
  if (spans.reduce((sum, span) => sum + displayWidth(textOf(span)), 0) <= width) return spans;
  const kept: Span[] = [];
  let room = Math.max(0, width - 1);
  for (const span of spans) {
    const text = fitting(textOf(span), room);
    kept.push(withText(span, text));
    room -= displayWidth(text);
    if (text.length < textOf(span).length) break;
  }
  return [...kept, '…'];
}

/** A line that fits into these columns, with spaces after it or before it. */
export function padded(line: Line, width: number, right: boolean): readonly Span[] {
  const spans = cut(line, width);
  const used = spans.reduce((sum, span) => sum + displayWidth(textOf(span)), 0);
  const space = ' '.repeat(Math.max(0, width - used));
  return right ? [space, ...spans] : [...spans, space];
}

/**
 * Wraps a line at spaces into lines of at most `width` columns. A longer word is split.
 * @param indent columns before the second and following lines
 */
export function wrap(line: Line, width: number, indent: number): (readonly Span[])[] {
  const lines: Span[][] = [[]];
  let column = 0;
  let isEmpty = true;
  const startLine = (): void => {
    lines.push([' '.repeat(indent)]);
    column = indent;
    isEmpty = true;
  };
  for (const span of spansOf(line)) {
    let text = '';
    const add = (more: string): void => {
      text += more;
      column += displayWidth(more);
      isEmpty = false;
    };
    const endSpan = (): void => {
      if (text !== '') lines.at(-1)?.push(withText(span, text));
      text = '';
    };
    for (const token of textOf(span).match(/ *[^ ]+| +$/g) ?? []) {
      if (column + displayWidth(token) <= width) {
        add(token);
        continue;
      }
      if (!isEmpty) {
        endSpan();
        startLine();
      }
      let word = token.trimStart();
      while (displayWidth(word) > width - column) {
        const part = fitting(word, Math.max(2, width - column));
        add(part);
        word = word.slice(part.length);
        endSpan();
        startLine();
      }
      if (word !== '') add(word);
    }
    endSpan();
  }
  return lines;
}

/** The text for a terminal: its control characters are made visible, and only the styles control it. */
export function rendered(line: readonly Span[], colors: boolean): string {
  return line
    .map((span) => {
      const text = visibleText(textOf(span));
      if (typeof span === 'string' || !colors || text === '') return text;
      return `\u001b[${styles[span.style]}m${text}\u001b[0m`;
    })
    .join('');
}

/** Makes control characters visible, so that the text has the width that is shown. */
export function visible(line: Line): readonly Span[] {
  return spansOf(line).map((span) => withText(span, visibleText(textOf(span))));
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text;
}

function withText(span: Span, text: string): Span {
  return typeof span === 'string' ? text : { ...span, text };
}

export const colorModes = ['auto', 'always', 'never'] as const;
export type ColorMode = (typeof colorModes)[number];

/**
 * Whether to use colors in a terminal. The option overrides the environment.
 * NO_COLOR: https://no-color.org; FORCE_COLOR: https://force-color.org.
 */
export function wantsColors(
  mode: ColorMode,
  { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (mode !== 'auto') return mode === 'always';
  // Like Node, which ignores NO_COLOR if FORCE_COLOR is set.
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}
