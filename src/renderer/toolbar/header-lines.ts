import type { DraftHeader } from '../state/draft.ts';

/** Header fields as `Name: value` lines. */
export function headerLines(headers: readonly Pick<DraftHeader, 'name' | 'value'>[]): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
}

/**
 * Parses `Name: value` lines, for example from developer tools. Skips pseudo-header fields (`:authority`). A line that
 * begins with whitespace continues the previous value. Null if a line is not a header field.
 */
export function parseHeaderLines(text: string): readonly (readonly [name: string, value: string])[] | null {
  const fields: [string, string][] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = fields.at(-1);
    if (line.trim() === '' || line.startsWith(':')) continue;
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const field = /^([^\s:]+)[ \t]*:(.*)$/.exec(line.trim());
    if (field?.[1] === undefined || field[2] === undefined) return null;
    fields.push([field[1], field[2].trim()]);
  }
  return fields;
}
