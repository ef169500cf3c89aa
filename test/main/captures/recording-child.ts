/**
 * A process to be killed: records into the folder given as its argument, and says on its standard output what was shown
 * so far, a line each time: capture id, chunks, body bytes.
 */
import { flushCompileCache } from 'node:module';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { chunk, header, response } from './capture-records.ts';

// It never comes to its end, where Node would keep what it has compiled for the next one.
flushCompileCache();
const [folder = '', seed = '1'] = process.argv.slice(2);
const library = await CaptureLibrary.open(folder);
const live = await library.create(header, { origin: 'connection', keepSecrets: false });
library.onChange(() => {
  const summary = library.summary(live.id);
  if (summary !== null) process.stdout.write(`${live.id} ${summary.rows.chunks} ${summary.bytes}\n`);
});
await live.sink(response);
let state = Number(seed);
for (let read = 0; ; read += 1) {
  state = (state * 1103515245 + 12345) % 2147483648;
  const text = `data: {"read":${read},"filler":"${'x'.repeat(state % 3000)}"}\n\n`;
  await live.sink(chunk(text, read, read));
  // As a socket would: some chunks come together, most do not.
  if (state % 4 !== 0) await new Promise((resolve) => setImmediate(resolve));
}
