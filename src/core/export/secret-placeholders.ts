import { isSecretMember, isSecretParameter, REDACTED } from '../capture/secret-name.ts';

/** A stretch of text, or a secret that was redacted from it, by the name of the environment variable to take it from. */
export type CodePiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'secret'; readonly variable: string };

/** The value of a header field, in pieces. A redacted value is a secret with the name of the field. */
export function headerPieces(name: string, value: string): readonly CodePiece[] {
  return piecesOf(value, () => name);
}

/** A URL in pieces. A secret in its query has the name of its parameter; one before the host is `CREDENTIALS`. */
export function urlPieces(url: string): readonly CodePiece[] {
  return piecesOf(url, (before) => /([^?&;#=]+)=$/.exec(before)?.[1] ?? 'credentials');
}

/**
 * A body in pieces. What was redacted is recognised by the JSON member or the form field before it: a text may say the
 * same word.
 */
export function bodyPieces(body: string): readonly CodePiece[] {
  return piecesOf(body, (before) => {
    const end = before.slice(-200);
    const member = /"([^"\\]+)"\s*:\s*"$/.exec(end)?.[1];
    if (member !== undefined) return isSecretMember(member) ? member : null;
    const parameter = /(?:^|[&;])([^&;=]+)=$/.exec(end)?.[1];
    return parameter !== undefined && isSecretParameter(parameter) ? parameter : null;
  });
}

/** @param nameOf the name of a secret, by the text before it; null if the text only looks redacted */
function piecesOf(text: string, nameOf: (before: string) => string | null): readonly CodePiece[] {
  const pieces: CodePiece[] = [];
  let literal = '';
  for (const [index, piece] of text.split(REDACTED).entries()) {
    if (index > 0) {
      const name = nameOf(literal);
      if (name === null) literal += REDACTED;
      else {
        if (literal !== '') pieces.push({ kind: 'text', text: literal });
        pieces.push({ kind: 'secret', variable: variableName(name) });
        literal = '';
      }
    }
    literal += piece;
  }
  if (literal !== '' || pieces.length === 0) pieces.push({ kind: 'text', text: literal });
  return pieces;
}

function variableName(name: string): string {
  const variable = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  return variable || 'SECRET';
}
