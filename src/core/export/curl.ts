import type { CaptureRequest } from '../capture/record.ts';
import { REDACTED } from '../capture/secret-name.ts';
import { bodyPieces, type CodePiece, headerPieces, urlPieces } from './secret-placeholders.ts';

/** Fields that curl sets itself: repeating them would break the request. */
const ownFields = new Set(['content-length', 'connection', 'transfer-encoding', 'host', 'accept-encoding']);

/**
 * A POSIX shell command that sends the same request with curl and prints the stream as it comes. Everything from the
 * request is quoted, so the shell runs none of it. A redacted secret becomes a shell variable; without it the command
 * fails with a message and sends nothing.
 */
export function curlCommand(request: CaptureRequest): string {
  const { method, url, headers, body } = request;
  const words: string[] = ['curl --no-buffer --location'];
  // Otherwise brackets and braces in a URL are globs for curl.
  if (/[[\]{}]/.test(url.replaceAll(REDACTED, ''))) words.push('--globoff');
  const implied = body === undefined ? 'GET' : 'POST';
  if (method === 'HEAD') words.push('--head');
  else if (method !== implied) words.push(`--request ${quote(method)}`);
  // A URL from a file may look like an option.
  words.push(/^https?:/i.test(url) ? quotePieces(urlPieces(url)) : `--url ${quotePieces(urlPieces(url))}`);
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  for (const [name, value] of headers) {
    if (!ownFields.has(name.toLowerCase())) words.push(`--header ${quoteHeader(name, value)}`);
  }
  if (names.has('accept-encoding')) words.push('--compressed');
  // By default curl sends bodies as forms and adds User-Agent and Accept.
  if (body !== undefined && !names.has('content-type')) words.push("--header 'Content-Type:'");
  if (!names.has('accept')) words.push("--header 'Accept:'");
  if (!names.has('user-agent')) words.push("--header 'User-Agent:'");
  if (body === undefined) return words.join(' \\\n  ');
  // An argument cannot contain NUL.
  if (!body.includes('\0')) return [...words, `--data-raw ${quotePieces(bodyPieces(body))}`].join(' \\\n  ');
  const octal = body.replaceAll('\\', '\\\\').replaceAll('\0', '\\0000');
  return [`printf %b ${quote(octal)} | ${words[0] ?? ''}`, ...words.slice(1), '--data-binary @-'].join(
    ' \\\n  ',
  );
}

/** Text as one word of a POSIX shell. [spec] POSIX 2.2.2: single-quotes "preserve the literal value of each character". */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quoteHeader(name: string, value: string): string {
  // curl sends "Name;" as a field without a value; "Name:" would remove the field.
  if (value === '') return quote(`${name};`);
  const [first, ...rest] = headerPieces(name, value);
  // The name and the beginning of the value are one word.
  if (first?.kind === 'text') return quotePieces([{ kind: 'text', text: `${name}: ${first.text}` }, ...rest]);
  return quotePieces([{ kind: 'text', text: `${name}: ` }, ...headerPieces(name, value)]);
}

function quotePieces(pieces: readonly CodePiece[]): string {
  return pieces
    .map((piece) =>
      piece.kind === 'text' ? quote(piece.text) : `"\${${piece.variable}:?was redacted: set it first}"`,
    )
    .join('');
}
