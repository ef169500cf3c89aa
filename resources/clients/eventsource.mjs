// @ts-check
// Prints the data of each event up to [DONE], with the eventsource package: node eventsource.mjs URL
import { EventSource } from 'eventsource';

const [url = ''] = process.argv.slice(2);
const source = new EventSource(url);
let lastId = '';
let isResumed = false;
/** Reconnections in a row that brought no new event. */
let fruitless = 0;
// The package does not keep the process alive while it waits to reconnect.
const alive = setInterval(() => undefined, 1000);

source.addEventListener('open', () => {
  isResumed = lastId !== '';
});

source.addEventListener('message', ({ data, lastEventId }) => {
  // Some servers send the last event again to a client that resumes.
  const isRepeated = isResumed && lastEventId === lastId;
  isResumed = false;
  lastId = lastEventId;
  if (isRepeated) return;
  fruitless = 0;
  if (data === '[DONE]') close();
  else console.log(data);
});

source.addEventListener('error', ({ message }) => {
  // Without ids the server would begin at the beginning, and all would be printed twice.
  if (source.readyState === EventSource.CONNECTING && lastId !== '' && fruitless++ < 3) return;
  close();
  console.error(message ?? 'the stream ended before [DONE]');
  process.exitCode = 1;
});

function close() {
  source.close();
  clearInterval(alive);
}
