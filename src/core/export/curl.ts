import type { CaptureRequest } from '../capture/record.ts';
import { REDACTED } from '../capture/secret-name.ts';
import { bodyPieces, type CodePiece, headerPieces, urlPieces } from './secret-placeholders.ts';

/** Fields that curl works out itself: stating them again would break the request. */
const ownFields = new Set(['content-length', 'connection', 'transfer-encoding', 'host', 'accept-encoding']);

/**
 * A command for a POSIX shell that sends the same request with curl and shows the stream as it comes. Whatever is in the
 * request is quoted: nothing of it is run. In place of a redacted secret stands a shell variable that has to be
 * set first; without it the command says so and sends nothing.
 */
export function curlCommand(request: CaptureRequest): string {
  const { method, url, headers, body } = request;
  const words: string[] = ['curl --no-buffer --location'];
  // Brackets and braces in a URL are curl's globs otherwise.
  if (/[[\]{}]/.test(url.replaceAll(REDACTED, ''))) words.push('--globoff');
  const implied = body === undefined ? 'GET' : 'POST';
  if (method === 'HEAD') words.push('--head');
  else if (method !== implied) words.push(`--request ${quote(method)}`);
  // An address that a file brought may look like an option.
  words.push(/^https?:/i.test(url) ? quotePieces(urlPieces(url)) : `--url ${quotePieces(urlPieces(url))}`);
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  for (const [name, value] of headers) {
    if (!ownFields.has(name.toLowerCase())) words.push(`--header ${quoteHeader(name, value)}`);
  }
  if (names.has('accept-encoding')) words.push('--compressed');
  // Without a word from us curl calls every body a form, and names itself and what it accepts.
  if (body !== undefined && !names.has('content-type')) words.push("--header 'Content-Type:'");
  if (!names.has('accept')) words.push("--header 'Accept:'");
  if (!names.has('user-agent')) words.push("--header 'User-Agent:'");
  if (body === undefined) return words.join(' \\\n  ');
  // An argument cannot hold NUL.
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
  // "Name;" is curl's way to send a field without a value; "Name:" would take it out.
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
