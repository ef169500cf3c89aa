import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { Finding } from '../../../src/core/findings/finding.ts';
import { mistakes } from '../../fixtures/diagnosis-cases.ts';
import { type LiveCase, liveCases } from '../../fixtures/live-cases.ts';
import { haveRealPart } from '../../fixtures/real-parts.ts';
import { OpenedStream } from '../client/opened-stream.ts';
import { LiveServers } from './live-servers.ts';

const here = liveCases.filter(({ needs }) => needs.every(haveRealPart));
let servers: LiveServers;
let captures: ReadonlyMap<LiveCase, OpenedStream>;

// All streams at once: each takes some three seconds, most of it waiting.
beforeAll(async () => {
  servers = await LiveServers.start();
  captures = new Map(
    here.map((one) => [one, new OpenedStream({ url: `${servers.origin(one.server)}${one.path}` })]),
  );
}, 60_000);
afterAll(() => servers?.stop(), 60_000);

async function findingsOf(one: LiveCase): Promise<readonly Finding[]> {
  const stream = captures.get(one);
  if (stream === undefined) throw new Error(`${one.name} was not opened`);
  await stream.end;
  const analysis = new Analysis({
    method: 'GET',
    url: `${servers.origin(one.server)}${one.path}`,
    headers: [],
    client: 'raw',
  });
  for (const record of stream.records) analysis.push(record);
  analysis.finish();
  return analysis.findings;
}

describe('a stream through a real server', () => {
  test.each(here.map((one) => [`${one.name} (${one.how})`, one] as const))(
    'has what is expected, and no other warning or error: %s',
    async (_name, one) => {
      const findings = await findingsOf(one);
      expect(mistakes({ ...one, mustNot: [] }, findings), JSON.stringify(findings, null, 1)).toEqual([]);
      // What is broken is told as that, and not as a remark.
      const loud = findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
      expect(loud.toSorted()).toEqual(one.healthy ? [] : one.expect.toSorted());
      for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
