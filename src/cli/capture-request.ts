import { decodeExactly } from '../core/text/utf8.ts';
import { readFile } from 'node:fs/promises';
import { createClient, nodeClientNames, type StreamClient } from '../main/client/client.ts';
import { describedRequest, parseStreamRequest, type StreamRequest } from '../main/client/stream-request.ts';
import type { CaptureHeader } from '../core/capture/record.ts';
import { fileFailure, displayPath, usageFailure } from './command-failure.ts';
import { flag, oneOf, optional, type OptionValues, repeatable, text, withDefault } from './option.ts';

/** Options of a request. */
export const requestOptions = {
  method: optional({
    short: 'X',
    placeholder: 'M',
    type: text,
    help: 'request method; by default GET, or POST if there is a body',
  }),
  header: repeatable({
    short: 'H',
    placeholder: "'K: V'",
    type: { parse: parseHeader },
    help: 'request header field',
  }),
  data: optional({
    short: 'd',
    placeholder: 'BODY',
    type: text,
    help: 'request body; @FILE reads a file, @- standard input',
  }),
  client: withDefault({
    placeholder: 'NAME',
    type: oneOf(nodeClientNames),
    fallback: 'raw',
    help: 'client that opens the stream',
  }),
  'max-time': optional({ placeholder: 'S', type: { parse: parseSeconds }, help: 'stop after S seconds' }),
  'max-size': optional({
    placeholder: 'SIZE',
    type: { parse: parseSize },
    help: 'stop after this many decoded bytes, such as 500MB; by default 10GB',
  }),
  'max-ratio': optional({
    placeholder: 'N',
    type: { parse: parseRatio },
    help: 'stop if a body of more than 256 MB decompresses to more than N times its size; by default 200',
  }),
  insecure: flag({ short: 'k', help: 'accept any TLS certificate' }),
  reconnect: flag({ help: 'reconnect as the standard requires' }),
};

/** A stream that is ready to be opened. */
export interface PlannedStream {
  readonly client: StreamClient;
  readonly request: StreamRequest;
  /** The capture's header, with secrets. It starts now. */
  readonly header: CaptureHeader;
  /** ms after which to stop; null for no limit. */
  readonly maxTime: number | null;
}

/** @throws CommandFailure, Refusal */
export async function planStream(
  url: string,
  options: OptionValues<typeof requestOptions>,
): Promise<PlannedStream> {
  const { method, client, header: headers, data, insecure, reconnect } = options;
  const body = data === undefined ? undefined : await readBody(data);
  const [size, ratio] = [options['max-size'], options['max-ratio']];
  const request = parseStreamRequest({
    url,
    client,
    headers: [...headers],
    insecure,
    reconnect,
    limits: { ...(size === undefined ? {} : { size }), ...(ratio === undefined ? {} : { ratio }) },
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body }),
  });
  const header: CaptureHeader = {
    format: 'ssecap',
    version: 1,
    request: describedRequest(request, client),
    startedAt: new Date().toISOString(),
  };
  return { client: createClient(client), request, header, maxTime: options['max-time'] ?? null };
}

/** `Name: value`, like curl. */
function parseHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw usageFailure(`-H takes "Name: value", not "${text}"`);
  return [text.slice(0, colon), text.slice(colon + 1).trim()];
}

/** @returns ms */
function parseSeconds(text: string): number {
  const seconds = Number(text);
  // `setTimeout` fires a longer timer at once.
  if (!/^\d*\.?\d+$/.test(text) || seconds <= 0 || seconds > 2_000_000) {
    throw usageFailure(`--max-time takes seconds from 0.001 to 2000000, not "${text}"`);
  }
  return seconds * 1000;
}

/** Bytes, with a decimal unit or without one. */
function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d*\.?\d+)\s*([kMGT]?)B?$/i.exec(text) ?? [];
  const bytes = Number(digits) * 1000 ** ' kmgt'.indexOf(unit === '' ? ' ' : unit.toLowerCase());
  if (!(bytes >= 1)) throw usageFailure(`--max-size takes bytes, such as 500MB or 20GB, not "${text}"`);
  return Math.floor(bytes);
}

function parseRatio(text: string): number {
  const ratio = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || ratio < 1)
    throw usageFailure(`--max-ratio takes a number of at least 1, not "${text}"`);
  return ratio;
}

/** The body: literal, `@FILE`, or `@-` for standard input. A capture stores it as text. */
async function readBody(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  const path = text.slice(1);
  if (path === '') throw usageFailure('-d @FILE needs a file name');
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw fileFailure('read', path, error);
  });
  const body = decodeExactly(bytes);
  if (body === null) throw usageFailure(`The body in ${displayPath(path)} is not valid UTF-8`);
  return body;
}

async function readBytes(path: string): Promise<Uint8Array> {
  if (path !== '-') return readFile(path);
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
