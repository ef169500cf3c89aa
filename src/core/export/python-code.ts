import type { CaptureRequest } from '../capture/record.ts';
import { bodyPieces, type CodePiece, headerPieces, urlPieces } from './secret-placeholders.ts';

/** Fields that `urllib.request` sets itself. It does not decode a content coding, so none is asked for. */
const ownFields = new Set(['accept-encoding', 'connection', 'content-length', 'host', 'transfer-encoding']);

/**
 * A program for Python 3.8 and newer, with nothing to install, that sends the same request and prints the stream as it
 * comes. Everything from the request is in string literals. A redacted secret is read from an environment variable;
 * without it the program stops with a KeyError that names it, before it sends anything. Several fields of one name are
 * joined with a comma: `urllib.request` sends a name once.
 */
export function pythonCode({ method, url, headers, body }: CaptureRequest): string {
  const fields = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (ownFields.has(key)) continue;
    const field = fields.get(key);
    if (field === undefined) fields.set(key, { name, values: [value] });
    else field.values.push(value);
  }
  // Without a field urllib names itself, and calls a body a form.
  const noType = body !== undefined && !fields.has('content-type');
  const lines = [
    'import os',
    'import sys',
    'import urllib.error',
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${expression(urlPieces(url))},`,
    `    method=${literal(method)},`,
    '    headers={',
    ...[...fields.values()].map(
      ({ name, values }) => `        ${literal(name)}: ${expression(headerPieces(name, values.join(', ')))},`,
    ),
    ...(noType ? ["        'Content-Type': 'application/octet-stream',"] : []),
    '    },',
    ...(body === undefined ? [] : [`    data=(${expression(bodyPieces(body))}).encode(),`]),
    ')',
    'try:',
    '    response = urllib.request.urlopen(request)',
    'except urllib.error.HTTPError as error:',
    '    response = error',
    'with response:',
    '    print(response.status, response.headers.get("Content-Type"), file=sys.stderr)',
    '    while chunk := response.read1(65536):',
    '        sys.stdout.buffer.write(chunk)',
    '        sys.stdout.buffer.flush()',
  ];
  return `${lines.join('\n')}\n`;
}

function expression(pieces: readonly CodePiece[]): string {
  return pieces
    .map((piece) => (piece.kind === 'text' ? literal(piece.text) : `os.environ[${literal(piece.variable)}]`))
    .join(' + ');
}

/** Text as a Python string literal. JSON's escapes all mean the same in Python. */
function literal(text: string): string {
  return JSON.stringify(text);
}
