/** What to say under the body: whether it is the JSON that its content type promises. */
export interface JsonHint {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * Judges a body that looks like JSON or is declared as JSON; null for any other. The position is that of the
 * first character that cannot be, as line and column from 1.
 */
export function jsonHint(body: string, contentType: string | null): JsonHint | null {
  const text = body.trim();
  if (text === '') return null;
  const declared = contentType !== null && /\bjson\b/i.test(contentType);
  if (!declared && !/^[[{]/.test(text)) return null;
  try {
    JSON.parse(body);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return { ok: false, message: `Not JSON${placeText(body, message)}` };
  }
  if (declared) return { ok: true, message: 'Valid JSON' };
  return { ok: true, message: 'Valid JSON. Most servers want “Content-Type: application/json” with it.' };
}

/** V8 says `at position 17`, and `Unexpected end` where the text stops too early. */
function placeText(body: string, message: string): string {
  if (/Unexpected end/.test(message)) return ': it ends too early';
  const at = /position (\d+)/.exec(message)?.[1];
  if (at === undefined) return '';
  const before = body.slice(0, Number(at)).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
