import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { ProbeName } from '../../../src/core/findings/finding.ts';
import { type ProbeVerdict, withProbeVerdicts } from '../../../src/core/findings/probe-verdict.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import { createClient } from '../../../src/main/client/client.ts';
import { localBrowser } from '../../../src/main/browser/chromium-browser.ts';
import { longerBody } from '../../../src/main/probes/longer.ts';
import type { ProbeRecorder, ProbeSetting, ProbeSubject } from '../../../src/main/probes/probe.ts';
import { planProbes, requestAgain, runProbes } from '../../../src/main/probes/probes.ts';
import { type ProbedServer, startProbedServer } from './probed-server.ts';

const chat = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true });
const noBrowser = { missing: 'none in this test' } as const;
const environment = {};

let server: ProbedServer;
beforeAll(async () => {
  server = await startProbedServer();
});
afterAll(() => server.close());

/** Opens a path as the user would, and returns the subject for probes. */
async function subjectOf(path: string, body?: string): Promise<ProbeSubject> {
  const url = server.origin + path;
  const request = parseStreamRequest({ url, client: 'raw', ...(body === undefined ? {} : { body }) });
  const { method, headers } = request;
  const analysis = new Analysis({ method, url, headers, client: 'raw' });
  const client = createClient('raw', { environment });
  await client.open(request, (record) => analysis.push(record), new AbortController().signal);
  return { request, diagnosed: analysis.diagnosed, diagnosis: analysis.diagnosis };
}

function settingWith(change: Partial<ProbeSetting> = {}): ProbeSetting {
  return { recorder: null, browser: noBrowser, signal: new AbortController().signal, environment, ...change };
}

async function verdictOf(probe: ProbeName, subject: ProbeSubject, change: Partial<ProbeSetting> = {}) {
  const [verdict] = await runProbes(subject, settingWith(change), {}, [probe]);
  if (verdict === undefined) throw new Error('There is no verdict');
  return verdict;
}

const saying = (text: string): unknown => expect.stringContaining(text);

describe('probe identity', () => {
  test('blames the compressor if the stream is smooth without it', async () => {
    const subject = await subjectOf('/gzip-held');
    const verdict = await verdictOf('identity', subject);
    expect(verdict).toMatchObject({ state: 'decided', text: saying('the compressor held it') });
    const { findings } = withProbeVerdicts(subject.diagnosis, [verdict]);
    expect(findings.find(({ code }) => code === 'response-buffered')).toMatchObject({
      decider: { probe: 'identity' },
      decided: [{ probe: 'identity', text: verdict.text }],
    });
  });

  test('clears the compressor if the stream is held back without it too', async () => {
    const verdict = await verdictOf('identity', await subjectOf('/held'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('something other than the compressor') });
  });

  test('is not sent if nothing was compressed', async () => {
    const before = server.seen.length;
    const verdict = await verdictOf('identity', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'skipped', text: saying('no content coding') });
    expect(server.seen.length).toBe(before + 1);
  });
});

describe('probe together', () => {
  test('recognises a server that streams to one client after the other', async () => {
    const verdict = await verdictOf('together', await subjectOf('/one-at-a-time'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('one stream at a time') });
  });

  test('recognises a server that streams to both', async () => {
    const verdict = await verdictOf('together', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('Both ran at the same time') });
  });

  test('ends only after both requests have ended, even if one of them fails', async () => {
    const subject = await subjectOf('/at-once');
    let asked = 0;
    const kinds: string[] = [];
    const recorder: ProbeRecorder = async () => {
      if (asked++ > 0) throw new Refusal('storage', 'The disk is full.');
      return { capture: 'the first', sink: ({ kind }) => void kinds.push(kind) };
    };
    await expect(verdictOf('together', subject, { recorder })).rejects.toThrow('The disk is full.');
    expect(kinds.at(-1)).toBe('end');
  });
});

describe('probe longer', () => {
  test('recognises an answer that is generated completely before it is sent, by the wait that grows with it', async () => {
    const verdict = await verdictOf('longer', await subjectOf('/whole', chat));
    expect(verdict).toMatchObject({
      state: 'decided',
      text: saying('generated completely before any of it is sent'),
    });
  });

  test('is skipped for an unknown body', async () => {
    expect(await verdictOf('longer', await subjectOf('/at-once'))).toMatchObject({ state: 'skipped' });
    expect(longerBody('{"query":1}')).toBeNull();
    expect(longerBody('no JSON')).toBeNull();
    expect(longerBody('[1]')).toBeNull();
  });

  test.each([
    [
      'chat',
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'u' },
        ],
        max_tokens: 10,
      },
      'max_tokens":40',
    ],
    [
      'parts',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'u' }] }] },
      '"type":"text","text":"Answer at great length',
    ],
    ['responses', { input: 'u', max_output_tokens: 5 }, 'max_output_tokens":20'],
    [
      'gemini',
      { contents: [{ parts: [{ text: 'u' }] }], generationConfig: { maxOutputTokens: 3 } },
      'maxOutputTokens":12',
    ],
    ['ollama', { prompt: 'u', options: { num_predict: 2 } }, 'num_predict":8'],
  ])('asks for more in a body of %s', (_name, body, words) => {
    const longer = longerBody(JSON.stringify(body));
    expect(longer).toContain('Answer at great length');
    expect(longer).toContain(words);
  });
});

describe('probe reconnect', () => {
  test('recognises a server that continues', async () => {
    const verdict = await verdictOf('reconnect', await subjectOf('/ids'));
    expect(verdict).toMatchObject({ state: 'decided', findings: [], text: saying('no event was repeated') });
    const last = server.seen.at(-1);
    expect(verdict.text).toContain(`Last-Event-ID "${String(last?.headers['last-event-id'])}"`);
  });

  test('recognises a server that starts again, as a finding of rung 7', async () => {
    const subject = await subjectOf('/ids-ignored');
    const verdict = await verdictOf('reconnect', subject);
    expect(verdict).toMatchObject({
      state: 'decided',
      findings: [{ code: 'last-event-id-ignored', severity: 'warning' }],
    });
    const { findings, rungs } = withProbeVerdicts(subject.diagnosis, [verdict]);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'last-event-id-ignored', probe: 'reconnect' }),
    );
    expect(rungs.find(({ rung }) => rung === 7)).toMatchObject({ state: 'failed' });
  });

  test('is skipped if events have no ids', async () => {
    expect(await verdictOf('reconnect', await subjectOf('/at-once'))).toMatchObject({ state: 'skipped' });
  });
});

describe('probe eventsource', () => {
  test('counts what the package dispatches', async () => {
    const verdict = await verdictOf('eventsource', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('dispatched all 8 events') });
  });

  test('reports what the package refuses', async () => {
    const verdict = await verdictOf('eventsource', await subjectOf('/plain'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('content type') });
  });
});

const page = localBrowser(process.env);
if ('missing' in page) console.warn(`${page.missing}: the tests of probe browser are skipped`);

describe.skipIf('missing' in page)('probe browser', { timeout: 60_000 }, () => {
  test.each([
    ['/cors', 'passed'],
    ['/no-cors', 'failed'],
  ])('judges rung 2 of %s: %s', async (path, state) => {
    const subject = await subjectOf(path);
    const verdict = await verdictOf('browser', subject, { browser: page });
    expect(verdict).toMatchObject({ state: 'decided', rung: { rung: 2, state } });
    const { rungs, findings } = withProbeVerdicts(subject.diagnosis, [verdict]);
    expect(rungs[1]).toMatchObject({ rung: 2, state });
    expect(findings.some(({ code }) => code === 'cors-missing')).toBe(state === 'failed');
  });

  test('sends a preflight if a browser would, and reports the response', async () => {
    const verdict = await verdictOf('browser', await subjectOf('/whole', chat), { browser: page });
    expect(verdict.rung?.checks).toContainEqual({
      name: 'preflight',
      passed: false,
      evidence: saying('OPTIONS for POST: status 200, Access-Control-Allow-Origin (none)'),
    });
  });
});

describe('probes', () => {
  test('are planned without sending a request, with the number of requests', async () => {
    const subject = await subjectOf('/ids');
    const before = server.seen.length;
    const plan = planProbes(subject, { browser: noBrowser });
    expect(server.seen.length).toBe(before);
    expect(plan.map(({ probe, requests }) => [probe, requests])).toEqual([
      ['identity', 0],
      ['browser', 0],
      ['eventsource', 1],
      ['again', 2],
      ['together', 2],
      ['longer', 0],
      ['reconnect', 2],
    ]);
    expect(plan.find(({ probe }) => probe === 'browser')?.skipped).toContain('none in this test');
  });

  test('send no more requests than planned', async () => {
    const subject = await subjectOf('/ids');
    const before = server.seen.length;
    const planned = planProbes(subject, { browser: noBrowser }).reduce(
      (sum, { requests }) => sum + requests,
      0,
    );
    await runProbes(subject, settingWith());
    expect(server.seen.length - before).toBe(planned);
  });

  test('can be stopped, and keep the verdicts so far', async () => {
    const subject = await subjectOf('/ids');
    const stop = new AbortController();
    const decided: ProbeVerdict[] = [];
    const verdicts = await runProbes(subject, settingWith({ signal: stop.signal }), {
      began: (probe) => probe === 'together' && stop.abort(),
      decided: (verdict) => decided.push(verdict),
    });
    expect(verdicts.map(({ probe }) => probe)).toEqual(['identity', 'browser', 'eventsource', 'again']);
    expect(verdicts).toEqual(decided);
  });

  test('end a stream that takes too long', async () => {
    const { request } = await subjectOf('/cors');
    const url = new URL('/endless', request.url);
    const subject = { ...(await subjectOf('/cors')), request: { ...request, url } };
    const verdict = await verdictOf('eventsource', subject, { longest: 1000 });
    expect(verdict.text).toMatch(/dispatched all \d+ events?/);
  });

  test('store the capture of each request', async () => {
    const titles: string[] = [];
    const verdict = await verdictOf('again', await subjectOf('/cors'), {
      recorder: async (title, request) => {
        titles.push(`${title}: ${request.method}`);
        return { capture: `capture ${titles.length}`, sink: () => undefined };
      },
    });
    expect(titles).toEqual(['Probe again: request 1 of 2: GET', 'Probe again: request 2 of 2: GET']);
    expect(verdict.captures).toEqual(['capture 1', 'capture 2']);
  });
});

describe('a stored request', () => {
  const stored = {
    method: 'GET',
    url: 'http://h/',
    headers: [['Accept', 'text/event-stream']],
    client: 'raw',
  } as const;

  test('is sent again unchanged', () => {
    expect(requestAgain(stored)).toMatchObject({ method: 'GET', url: new URL('http://h/') });
  });

  test.each([
    ['of a file', { ...stored, url: 'file:///a.sse' }, 'from a file'],
    ['with a redacted header field', { ...stored, headers: [['Authorization', '[redacted]']] }, 'redacted'],
    ['with a redacted query', { ...stored, url: 'http://h/?api_key=%5Bredacted%5D' }, 'redacted'],
    ['with a redacted body', { ...stored, method: 'POST', body: '{"api_key":"[redacted]"}' }, 'redacted'],
  ] as const)('%s is not sent', (_name, request, reason) => {
    expect(requestAgain(request as unknown as Parameters<typeof requestAgain>[0])).toEqual({
      reason: saying(reason),
    });
  });
});
