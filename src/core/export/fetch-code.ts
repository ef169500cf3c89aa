import type { CaptureRequest } from '../capture/record.ts';
import { bodyPieces, type CodePiece, headerPieces, urlPieces } from './secret-placeholders.ts';

/** Fields that fetch() in Node sets itself, or refuses. */
const ownFields = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/**
 * A module for Node 20 and newer that sends the same request with fetch() and prints the stream as it comes. Everything
 * from the request is in string literals. A redacted secret is read from an environment variable; without it the program
 * stops before it sends anything.
 */
export function fetchCode({ method, url, headers, body }: CaptureRequest): string {
  const fields = headers.filter(([name]) => !ownFields.has(name.toLowerCase()));
  const sent = [
    urlPieces(url),
    ...fields.map(([name, value]) => headerPieces(name, value)),
    bodyPieces(body ?? ''),
  ];
  const hasSecrets = sent.flat().some(({ kind }) => kind === 'secret');
  const lines = [
    ...(hasSecrets
      ? [
          'const secret = (name) => {',
          '  const value = process.env[name];',
          '  if (value === undefined) throw new Error(`Set ${name} first: it was redacted`);',
          '  return value;',
          '};',
          '',
        ]
      : []),
    `const response = await fetch(${expression(urlPieces(url))}, {`,
    `  method: ${JSON.stringify(method)},`,
    ...(fields.length === 0
      ? []
      : [
          '  headers: [',
          ...fields.map(
            ([name, value]) => `    [${JSON.stringify(name)}, ${expression(headerPieces(name, value))}],`,
          ),
          '  ],',
        ]),
    ...(body === undefined ? [] : [`  body: ${expression(bodyPieces(body))},`]),
    '});',
    'console.error(response.status, response.headers.get("content-type"));',
    'for await (const chunk of response.body ?? []) process.stdout.write(chunk);',
  ];
  return `${lines.join('\n')}\n`;
}

/** A JavaScript expression whose value is the text. [spec] ECMA-262: JSON text is a subset of its string literals. */
function expression(pieces: readonly CodePiece[]): string {
  return pieces
    .map((piece) =>
      piece.kind === 'text' ? JSON.stringify(piece.text) : `secret(${JSON.stringify(piece.variable)})`,
    )
    .join(' + ');
}
