import type { CaptureRequest } from '../capture/record.ts';
import { isSecretMember, isSecretParameter, REDACTED } from '../capture/secret-name.ts';

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
  words.push(/^https?:/i.test(url) ? quoteUrl(url) : `--url ${quoteUrl(url)}`);
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
  if (!body.includes('\0')) return [...words, `--data-raw ${quoteBody(body)}`].join(' \\\n  ');
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

/** What stands for a secret in a body is known by the name before it: a text may say the same word. */
function quoteBody(body: string): string {
  return quoteAround(body, (before) => {
    const end = before.slice(-200);
    const member = /"([^"\\]+)"\s*:\s*"$/.exec(end)?.[1];
    if (member !== undefined) return isSecretMember(member) ? member : null;
    const parameter = /(?:^|[&;])([^&;=]+)=$/.exec(end)?.[1];
    return parameter !== undefined && isSecretParameter(parameter) ? parameter : null;
  });
}

/** Quotes text in which each secret that was redacted becomes a variable; `nameOf` tells its name from the text before it. */
function quoteAround(text: string, nameOf: (before: string) => string | null): string {
  const words: string[] = [];
  let literal = '';
  for (const [index, piece] of text.split(REDACTED).entries()) {
    if (index > 0) {
      const name = nameOf(literal);
      if (name === null) literal += REDACTED;
      else {
        if (literal !== '') words.push(quote(literal));
        words.push(placeholder(name));
        literal = '';
      }
    }
    literal += piece;
  }
  if (literal !== '' || words.length === 0) words.push(quote(literal));
  return words.join('');
}

function placeholder(name: string): string {
  const variable = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  return `"\${${variable || 'SECRET'}:?was redacted: set it first}"`;
}
