import type { CaptureRequest } from '../capture/record.ts';
import { REDACTED } from '../capture/secret-name.ts';

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
  words.push(quoteUrl(url));
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
  if (!body.includes('\0')) return [...words, `--data-raw ${quote(body)}`].join(' \\\n  ');
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
  return quoteAround(`${name}: ${value}`, () => name);
}

function quoteUrl(url: string): string {
  return quoteAround(url, (before) => /([^?&;#=]+)=$/.exec(before)?.[1] ?? 'credentials');
}

/** Quotes text in which each secret that was redacted becomes a variable. */
function quoteAround(text: string, nameOf: (before: string) => string): string {
  const pieces = text.split(REDACTED);
  let before = '';
  return pieces
    .map((piece, index) => {
      before += piece;
      const literal = piece === '' ? '' : quote(piece);
      return index === pieces.length - 1 ? literal : literal + placeholder(nameOf(before));
    })
    .join('');
}

function placeholder(name: string): string {
  const variable = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  return `"\${${variable || 'SECRET'}:?was redacted: set it first}"`;
}
