import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import { Connections } from '../../../src/main/host/connections.ts';
import { ProbeRuns } from '../../../src/main/host/probe-runs.ts';
import { openLibrary, temporaryFolder, until } from '../captures/capture-fixture.ts';
import { serveHttp } from '../client/local-servers.ts';

const browser = { missing: 'no Chromium was found' } as const;

/** A host's parts, a stream that was captured from a server of the test's own, and what that server got. */
async function captured(headers: readonly [string, string][] = []) {
  const seen: IncomingHttpHeaders[] = [];
  const library = await openLibrary(await temporaryFolder());
  const connections = new Connections(library, browser);
  const probes = new ProbeRuns(library, connections, browser);
  const url = await serveHttp((request, response) => {
    seen.push(request.headers);
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end('data: {"n":1}\n\ndata: {"n":2}\n\n');
  });
  const id = await connections.connect({
    url,
    client: 'raw',
    headers: headers.map(([name, value]) => [name, value]),
  });
  await until(library, () => library.summary(id)?.phase === 'ended');
  return { seen, library, connections, probes, id };
}

describe('a probe of the user interface', () => {
  test('is planned without a request, with the number of requests it would send', async () => {
    const { seen, probes, id } = await captured();
    const plan = await probes.plan(id);
    expect(plan.find(({ probe }) => probe === 'again')).toMatchObject({ skipped: null });
    expect(plan.find(({ probe }) => probe === 'again')?.requests).toBeGreaterThan(0);
    expect(plan.find(({ probe }) => probe === 'browser')).toMatchObject({ requests: 0 });
    expect(seen).toHaveLength(1);
  });

  test('sends the request with its secrets, which no capture of it keeps, and says what it decided', async () => {
    const { seen, library, probes, id } = await captured([['Authorization', 'Bearer s3cret-of-the-test']]);
    const verdict = await probes.run(id, 'again');
    expect(verdict).toMatchObject({ probe: 'again', state: 'decided' });
    expect(verdict.captures.length).toBeGreaterThan(0);
    expect(seen.map(({ authorization }) => authorization)).toEqual(
      seen.map(() => 'Bearer s3cret-of-the-test'),
    );
    for (const capture of verdict.captures) {
      const id = capture as CaptureId;
      await until(library, () => library.summary(id)?.dispatched === 2);
      expect(JSON.stringify(library.summary(id))).not.toContain('s3cret-of-the-test');
    }
  });

  test('is refused while another is running, and if the request is no longer known', async () => {
    const { library, probes, id } = await captured([['Authorization', 'Bearer s3cret-of-the-test']]);
    const first = probes.run(id, 'again');
    await expect(probes.run(id, 'again')).rejects.toMatchObject({ code: 'busy' });
    await first;
    // Another run of the application has the stored request alone, without its secrets.
    const later = new ProbeRuns(library, new Connections(library, browser), browser);
    await expect(later.run(id, 'again')).rejects.toMatchObject({ code: 'not-available' });
    const plan = await later.plan(id);
    expect(plan.every(({ skipped }) => skipped?.includes('were redacted'))).toBe(true);
  });

  test('can be stopped, and its request is closed', async () => {
    const library = await openLibrary(await temporaryFolder());
    const connections = new Connections(library, browser);
    const probes = new ProbeRuns(library, connections, browser);
    let asked = 0;
    let onSecond: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (onSecond = resolve));
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked++ === 0) response.end('data: 1\n\ndata: 2\n\n');
      else response.write('data: 1\n\n', () => onSecond());
    });
    const id = await connections.connect({ url, client: 'raw' });
    await until(library, () => library.summary(id)?.phase === 'ended');
    const sent = probes.run(id, 'again');
    await second;
    const [, stopped] = await Promise.all([
      expect(sent).rejects.toMatchObject({ code: 'not-available' }),
      probes.stop(),
    ]);
    expect(stopped).toBeUndefined();
  });
});
