import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from '../../../src/main/host/connections.ts';
import { openLibrary, temporaryFolder } from '../captures/capture-fixture.ts';

async function endlessStream(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: one\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a connection that is only just being made ends with the others', async () => {
  const library = await openLibrary(await temporaryFolder());
  const connections = new Connections(library);
  const connecting = connections.connect({ url: await endlessStream(), client: 'raw' });
  await connections.close();
  const id = await connecting;
  // Nothing is open any more: its end was recorded.
  await library.close();
  const records = [];
  for await (const record of library.records(id)) records.push(record);
  expect(records.at(-1)).toMatchObject({ kind: 'end', reason: 'aborted' });
  await expect(connections.connect({ url: 'http://127.0.0.1:1/', client: 'raw' })).rejects.toMatchObject({
    code: 'not-available',
  });
});

test('a stream can be stopped while it connects, and deleted while it streams', async () => {
  const library = await openLibrary(await temporaryFolder());
  const connections = new Connections(library);
  const url = await endlessStream();
  const first = await connections.connect({ url, client: 'raw' });
  await connections.stop(first);
  await library.delete(first);
  const second = await connections.connect({ url, client: 'eventsource' });
  await expect.poll(() => library.summary(second)?.dispatched).toBe(1);
  await connections.stop(second);
  await library.delete(second);
  expect(await library.list()).toEqual([]);
});
