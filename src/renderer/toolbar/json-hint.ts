/** The hint below the body: whether it is valid JSON. */
export interface JsonHint {
  readonly ok: boolean;
  readonly message: string;
}

/**
 * Checks a body that looks like JSON or is declared as JSON; null for any other. An error names the position of the
 * first invalid character, as line and column counted from 1.
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

/** V8's messages contain `at position 17`, or `Unexpected end` if the text is incomplete. */
function placeText(body: string, message: string): string {
  if (/Unexpected end/.test(message)) return ': it ends too early';
  const at = /position (\d+)/.exec(message)?.[1];
  if (at === undefined) return '';
  const before = body.slice(0, Number(at)).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
