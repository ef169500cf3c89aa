import { readFile } from 'node:fs/promises';
import { createClient, nodeClientNames } from '../main/client/create-client.ts';
import { parseStreamRequest } from '../main/client/parse-stream-request.ts';
import { describedRequest, type StreamClient, type StreamRequest } from '../main/client/stream-client.ts';
import { decodeExactly } from '../core/capture/exact-utf8.ts';
import type { CaptureHeader } from '../core/capture/record.ts';
import { fileFailure, refusalFailure, shown, usageFailure } from './command-failure.ts';
import { oneOf, onlyArgument, type parseOptions } from './parse-options.ts';

/** Flags that say what to open and how: `requestOptions` for `parseArgs`. */
export const requestOptions = {
  method: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  client: { type: 'string', default: 'raw' },
  insecure: { type: 'boolean', short: 'k', default: false },
  reconnect: { type: 'boolean', default: false },
  'max-time': { type: 'string' },
  'max-size': { type: 'string' },
  'max-ratio': { type: 'string' },
} as const;

/** Values of `requestOptions`. */
type RequestValues = ReturnType<typeof parseOptions<typeof requestOptions>>['values'];

/** A stream that is ready to be opened. */
export interface PlannedStream {
  readonly client: StreamClient;
  readonly request: StreamRequest;
  /** The capture's header as sent, secrets included. Its time is now. */
  readonly header: CaptureHeader;
  /** ms after which to stop; null for never. */
  readonly maxTime: number | null;
}

/** Reads what to open from a command line. Throws a `CommandFailure`. */
export async function planStream(
  positionals: readonly string[],
  values: RequestValues,
): Promise<PlannedStream> {
  const url = onlyArgument(positionals, 'a URL');
  const name = oneOf(values.client, '--client', nodeClientNames);
  const headers = (values.header ?? []).map(parseHeaderFlag);
  const body = values.data === undefined ? undefined : await readBody(values.data);
  const limits = {
    ...(values['max-size'] === undefined ? {} : { size: parseSize(values['max-size']) }),
    ...(values['max-ratio'] === undefined ? {} : { ratio: parseRatio(values['max-ratio']) }),
  };
  let request: StreamRequest;
  try {
    request = parseStreamRequest({
      url,
      client: name,
      headers,
      insecure: values.insecure,
      reconnect: values.reconnect,
      limits,
      ...(values.method === undefined ? {} : { method: values.method }),
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw refusalFailure(error);
  }
  const header: CaptureHeader = {
    format: 'ssecap',
    version: 1,
    request: describedRequest(request, name),
    startedAt: new Date().toISOString(),
  };
  return { client: createClient(name), request, header, maxTime: parseSeconds(values['max-time']) };
}

/** `Name: value`, as with curl. */
function parseHeaderFlag(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw usageFailure(`-H takes "Name: value", not "${text}"`);
  return [text.slice(0, colon), text.slice(colon + 1).trim()];
}

function parseSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  // A longer timer would fire at once.
  if (!/^\d*\.?\d+$/.test(text) || seconds <= 0 || seconds > 2_000_000) {
    throw usageFailure(`--max-time takes seconds from 0.001 to 2000000, not "${text}"`);
  }
  return seconds * 1000;
}

/** Bytes, with a decimal unit or without one. */
function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d*\.?\d+)\s*([kMGT]?)B?$/i.exec(text) ?? [];
  const bytes = Number(digits) * 1000 ** ' kmgt'.indexOf(unit === '' ? ' ' : unit.toLowerCase());
  if (!(bytes >= 1)) throw usageFailure(`--max-size takes bytes, as 500MB or 20GB, not "${text}"`);
  return Math.floor(bytes);
}

function parseRatio(text: string): number {
  const ratio = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || ratio < 1)
    throw usageFailure(`--max-ratio takes a number from 1, not "${text}"`);
  return ratio;
}

/** The body itself, or `@FILE`, or `@-` for standard input. A capture keeps it as text. */
async function readBody(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  const path = text.slice(1);
  if (path === '') throw usageFailure('-d @FILE lacks the name of the file');
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw fileFailure('read', path, error);
  });
  const body = decodeExactly(bytes);
  if (body === null) throw usageFailure(`the body in ${shown(path)} is not UTF-8 text`);
  return body;
}

async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== '-') return readFile(path);
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
