import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { Analysis } from '../../../src/core/analysis.ts';
import type { EndReason } from '../../../src/core/capture/record.ts';
import type { ProbeName } from '../../../src/core/findings/finding.ts';
import { type ProbeVerdict, withProbeVerdicts } from '../../../src/core/findings/probe-verdict.ts';
import { parseStreamRequest } from '../../../src/main/client/parse-stream-request.ts';
import { RawClient } from '../../../src/main/client/raw-client.ts';
import { localProbe } from '../../../src/main/ladder/chromium-probe.ts';
import { compareAgain } from '../../../src/main/probes/again.ts';
import { longerBody } from '../../../src/main/probes/longer.ts';
import type { ProbeRecorder, ProbeRun, ProbeSetting, ProbeSubject } from '../../../src/main/probes/probe.ts';
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

/** Opens a path as the user would, and returns what probes ask about. */
async function subjectOf(path: string, body?: string): Promise<ProbeSubject> {
  const url = server.origin + path;
  const request = parseStreamRequest({ url, client: 'raw', ...(body === undefined ? {} : { body }) });
  const { method, headers } = request;
  const analysis = new Analysis({ method, url, headers, client: 'raw' });
  const client = new RawClient({ environment });
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
  test('blames the compressor where the stream is smooth without it', async () => {
    const subject = await subjectOf('/gzip-held');
    const verdict = await verdictOf('identity', subject);
    expect(verdict).toMatchObject({ state: 'decided', text: saying('the compressor held it') });
    const { findings } = withProbeVerdicts(subject.diagnosis, [verdict]);
    expect(findings.find(({ code }) => code === 'response-buffered')).toMatchObject({
      decider: { probe: 'identity' },
      decided: [{ probe: 'identity', text: verdict.text }],
    });
  });

  test('clears the compressor where it is held without it, too', async () => {
    const verdict = await verdictOf('identity', await subjectOf('/held'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('something else than the compressor') });
  });

  test('is not sent where nothing was compressed', async () => {
    const before = server.seen.length;
    const verdict = await verdictOf('identity', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'skipped', text: saying('without a content coding') });
    expect(server.seen.length).toBe(before + 1);
  });
});

describe('probe together', () => {
  test('tells a server that streams to one client after the other', async () => {
    const verdict = await verdictOf('together', await subjectOf('/one-at-a-time'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('one stream at a time') });
  });

  test('tells a server that streams to both', async () => {
    const verdict = await verdictOf('together', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('Both ran at the same time') });
  });

  test('is not over before both requests are, also where one of them fails', async () => {
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

/** A stream of so many events from `first` on, that ends at `end`. */
function stream(first: number, end: number, events: number, reason: EndReason, digest = 'same'): ProbeRun {
  const analysis = new Analysis({ method: 'GET', url: 'http://h/', headers: [], client: 'raw' });
  const headers = [['content-type', 'text/event-stream']] as const;
  analysis.push({ kind: 'response', at: 1, status: 200, headers, httpVersion: 'HTTP/1.1' });
  for (let n = 0; n < events; n++) {
    const bytes = new TextEncoder().encode(`data: ${n}\n\n`);
    const at = first + (n * (end - first)) / events;
    analysis.push({ kind: 'chunk', at, read: n, wireBytes: bytes.length, bytes });
  }
  const ended = { kind: 'end', at: end, reason } as const;
  analysis.push(ended);
  const { diagnosed, diagnosis } = analysis;
  return { diagnosed, diagnosis, end: ended, began: 0, digest, capture: null };
}

describe('probe again', () => {
  const request = parseStreamRequest({ url: 'http://h/', client: 'raw' });
  const cut = 'premature-close';
  test.each([
    [
      'a limit',
      [stream(10, 10_000, 50, cut), stream(10, 10_050, 48, cut), stream(10, 9_990, 51, cut)],
      'decided',
      'a limit on the time',
    ],
    [
      'content',
      [stream(10, 4000, 50, cut), stream(10, 8000, 50, cut), stream(10, 6000, 50, cut)],
      'decided',
      'the content at that place',
    ],
    [
      'either',
      [stream(10, 4000, 50, cut), stream(10, 4010, 50, cut), stream(10, 4020, 50, cut)],
      'undecided',
      'a limit, or the content',
    ],
    [
      'a fault',
      [stream(10, 4000, 50, cut), stream(10, 9000, 20, cut), stream(10, 6000, 60, cut)],
      'decided',
      'a fault, and no limit',
    ],
    [
      'a fault that went',
      [stream(10, 4000, 50, cut), stream(10, 9000, 90, 'complete'), stream(10, 9000, 90, 'complete')],
      'decided',
      'is no limit',
    ],
    [
      'a cache',
      [stream(2000, 2100, 20, 'complete'), stream(20, 30, 20, 'complete'), stream(21, 30, 20, 'complete')],
      'decided',
      'a cache answers',
    ],
    [
      'a queue',
      [
        stream(100, 2100, 20, 'complete'),
        stream(2000, 4000, 20, 'complete'),
        stream(90, 2000, 20, 'complete'),
      ],
      'undecided',
      'a queue, or a busy server',
    ],
    [
      'neither',
      [
        stream(100, 2100, 20, 'complete'),
        stream(110, 2100, 20, 'complete', 'a'),
        stream(90, 2000, 20, 'complete', 'b'),
      ],
      'decided',
      'no cache and no queue',
    ],
  ] as const)('tells %s', (_name, [first, ...runs], state, words) => {
    expect(compareAgain({ request, ...first }, runs)).toMatchObject({ state, text: saying(words) });
  });
});

describe('probe longer', () => {
  test('tells an answer that is made whole by the wait that grows with it', async () => {
    const verdict = await verdictOf('longer', await subjectOf('/whole', chat));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('made whole before any of it is sent') });
  });

  test('is skipped where the body is not one that is known', async () => {
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
  test('tells a server that goes on', async () => {
    const verdict = await verdictOf('reconnect', await subjectOf('/ids'));
    expect(verdict).toMatchObject({ state: 'decided', findings: [], text: saying('nothing came twice') });
    const last = server.seen.at(-1);
    expect(verdict.text).toContain(`Last-Event-ID "${String(last?.headers['last-event-id'])}"`);
  });

  test('tells a server that begins again, as a finding of rung 7', async () => {
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

  test('is skipped where events have no ids', async () => {
    expect(await verdictOf('reconnect', await subjectOf('/at-once'))).toMatchObject({ state: 'skipped' });
  });
});

describe('probe eventsource', () => {
  test('counts what the package dispatches', async () => {
    const verdict = await verdictOf('eventsource', await subjectOf('/at-once'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('dispatched all 8 events') });
  });

  test('says what the package refuses', async () => {
    const verdict = await verdictOf('eventsource', await subjectOf('/plain'));
    expect(verdict).toMatchObject({ state: 'decided', text: saying('content type') });
  });
});

const page = localProbe(process.env);
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

  test('asks for leave first where a browser would, and tells the answer', async () => {
    const verdict = await verdictOf('browser', await subjectOf('/whole', chat), { browser: page });
    expect(verdict.rung?.checks).toContainEqual({
      name: 'preflight',
      passed: false,
      evidence: saying('OPTIONS for POST: status 200, Access-Control-Allow-Origin (none)'),
    });
  });
});

describe('probes', () => {
  test('are planned without a request, and say how many they would send', async () => {
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

  test('send no more requests than they said', async () => {
    const subject = await subjectOf('/ids');
    const before = server.seen.length;
    const planned = planProbes(subject, { browser: noBrowser }).reduce(
      (sum, { requests }) => sum + requests,
      0,
    );
    await runProbes(subject, settingWith());
    expect(server.seen.length - before).toBe(planned);
  });

  test('stop when they are stopped, and what was decided stays', async () => {
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

  test('end a stream that goes on for too long', async () => {
    const { request } = await subjectOf('/cors');
    const url = new URL('/endless', request.url);
    const subject = { ...(await subjectOf('/cors')), request: { ...request, url } };
    const verdict = await verdictOf('eventsource', subject, { longest: 1000 });
    expect(verdict.text).toMatch(/dispatched all \d+ events?/);
  });

  test('keep the capture of each request', async () => {
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

  test('is sent again as it is', () => {
    expect(requestAgain(stored)).toMatchObject({ method: 'GET', url: new URL('http://h/') });
  });

  test.each([
    ['of a file', { ...stored, url: 'file:///a.sse' }, 'of a file'],
    ['with a redacted header field', { ...stored, headers: [['Authorization', '[redacted]']] }, 'redacted'],
    ['with a redacted query', { ...stored, url: 'http://h/?api_key=%5Bredacted%5D' }, 'redacted'],
    ['with a redacted body', { ...stored, method: 'POST', body: '{"api_key":"[redacted]"}' }, 'redacted'],
  ] as const)('%s is not sent', (_name, request, reason) => {
    expect(requestAgain(request as unknown as Parameters<typeof requestAgain>[0])).toEqual({
      reason: saying(reason),
    });
  });
});
