// @ts-check
// Prints the data of each event up to [DONE], with fetch and eventsource-parser: node eventsource-parser.mjs URL
import { createParser } from 'eventsource-parser';

const [url = ''] = process.argv.slice(2);

/** @param {Response} response @returns whether [DONE] came */
async function printEvents(response) {
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  if (!/^text\/event-stream\b/i.test(type)) throw new Error(`the server sent ${type}`);
  let isDone = false;
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') isDone = true;
      else if (!isDone) console.log(data);
    },
  });
  // One decoder for the whole stream: a character may be cut in two.
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  return isDone;
}

const abort = new AbortController();
try {
  const response = await fetch(url, { signal: abort.signal });
  if (!(await printEvents(response))) throw new Error('the stream ended before [DONE]');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
  // A body that nobody reads keeps its connection open, and the process alive.
  abort.abort();
}
