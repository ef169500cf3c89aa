import OpenAI from 'openai';
import type { ClientOptions, OpenStream } from './client.ts';
import type { StreamRequest } from './stream-request.ts';
import { Tap } from './tap.ts';

/** Disables the package's own timeout: the transfer watches for silence. */
const NEVER = 2 ** 31 - 1;

/**
 * Opens a stream (Chat Completions or Responses API) with the `openai` package. URL, headers and body are sent as the
 * user gave them; the key is an Authorization header among them.
 */
export const openStream: OpenStream = async (
  request,
  recording,
  signal,
  { environment = process.env, onLibraryEvent },
) => {
  const tap = new Tap(request, recording, signal, environment);
  try {
    await read(request, tap, onLibraryEvent, signal);
  } catch (error) {
    if (!signal.aborted)
      recording.note('log', { text: `openai: ${error instanceof Error ? error.message : String(error)}` });
  }
  // The package stops reading at [DONE]; bytes after it are still recorded.
  tap.detach();
  return tap.ending;
};

async function read(
  request: StreamRequest,
  tap: Tap,
  onLibraryEvent: ClientOptions['onLibraryEvent'],
  signal: AbortSignal,
): Promise<void> {
  const client = new OpenAI({
    // Never sent: the tap sends the user's headers.
    apiKey: 'none',
    baseURL: request.url.origin,
    fetch: tap.fetch,
    maxRetries: 0,
    timeout: NEVER,
    logLevel: 'off',
    defaultHeaders: { Authorization: null, 'OpenAI-Organization': null, 'OpenAI-Project': null },
  });
  for await (const value of await callOf(client, request.url, signal)) {
    onLibraryEvent?.({ client: 'openai', value });
  }
}

/**
 * The call of the package for the API of the URL: the two decode events differently. The parameters here are never
 * sent, as the tap sends the user's request.
 */
function callOf(client: OpenAI, url: URL, signal: AbortSignal): PromiseLike<AsyncIterable<unknown>> {
  const model = 'none';
  if (/\/responses\/?$/.test(url.pathname)) {
    return client.responses.create({ model, input: '', stream: true }, { signal });
  }
  return client.chat.completions.create({ model, messages: [], stream: true }, { signal });
}
