import { headerValue } from '../../core/headers.ts';
import type { Finding, FindingCode } from '../../core/findings/finding.ts';
import type { RungCheck } from '../../core/findings/diagnosis.ts';
import { isFailure } from '../../core/findings/diagnosis.ts';
import { needsPreflight } from '../client/browser-refusal.ts';
import { createClient } from '../client/client.ts';
import { ownDefaults, type StreamRequest } from '../client/stream-request.ts';
import {
  outcome,
  type Probe,
  type ProbeRun,
  type ProbeSetting,
  type ProbeSubject,
  runProbe,
} from './probe.ts';

/** An origin that does not exist. The page's real origin is known only once the page is open. */
const otherOrigin = 'http://sse-inspector.invalid';

/** Sends the request from a page of another origin, after its preflight. The result decides rung 2. */
export const browser: Probe = {
  name: 'browser',
  requests: 3,
  question: 'Can a page of another origin receive it with fetch() and EventSource?',
  whyNot: ({ diagnosed }, { browser: page }) => {
    if (diagnosed.request.client === 'browser') return 'The stream was opened by a browser already.';
    return 'missing' in page ? `There is no browser: ${page.missing}.` : null;
  },
  async run(subject, setting) {
    const { browser: page } = setting;
    if ('missing' in page) return outcome('skipped', `There is no browser: ${page.missing}.`, []);
    const request = pageRequest(subject.request);
    const preflight = needsPreflight(request) ? await sendPreflight(subject, setting, request) : null;
    const run = await runProbe(subject, setting, {
      title: 'Probe browser: from a page of another origin',
      request,
      client: createClient('browser', { browser: page }),
    });
    const runs = [...(preflight === null ? [] : [preflight]), run];
    if (run.end.error?.code === 'BROWSER_FAILED') return outcome('failed', run.end.error.message, runs);
    const judged = run.diagnosis.rungs.find(({ rung }) => rung === 2);
    const findings = run.diagnosis.findings.filter((finding) => finding.rung === 2).map(withoutPlaces);
    const checks = [
      ...(judged?.checks ?? []),
      ...(preflight === null ? [] : [preflightCheck(preflight, request)]),
    ];
    const failing = findings.find(isFailure);
    const got = `status ${run.diagnosed.facts.response?.status ?? 'none'}, ${run.diagnosed.facts.events} events`;
    const text =
      failing === undefined
        ? `A page of another origin received it: ${got}.`
        : `A page of another origin cannot receive it correctly: ${failing.message}`;
    const about: FindingCode[] = ['cors-missing', 'not-eventsource-compatible', 'http1-connection-limit'];
    const answered = run.diagnosed.facts.response !== null;
    const state = failing !== undefined ? 'failed' : answered ? 'passed' : 'skipped';
    return outcome(
      answered || failing !== undefined ? 'decided' : 'undecided',
      answered || failing !== undefined ? text : (run.end.error?.message ?? text),
      runs,
      {
        about,
        findings,
        rung: {
          rung: 2,
          state,
          text: answered || failing !== undefined ? text : (run.end.error?.message ?? text),
          checks,
        },
      },
    );
  },
};

/** Removes the default header fields of this program: a browser has its own, and each would need permission (CORS). */
function pageRequest({ headers, ...request }: StreamRequest): StreamRequest {
  const isOwn = (name: string, value: string): boolean =>
    ownDefaults.some(([known, usual]) => known.toLowerCase() === name.toLowerCase() && usual === value);
  return { ...request, headers: headers.filter(([name, value]) => !isOwn(name, value)) };
}

/** [spec] Fetch, "CORS-preflight fetch": sent by a browser before a request that is not simple. */
async function sendPreflight(
  subject: ProbeSubject,
  setting: ProbeSetting,
  { method, headers }: StreamRequest,
): Promise<ProbeRun> {
  const names = headers.map(([name]) => name.toLowerCase()).filter((name) => name !== 'accept');
  return runProbe(subject, setting, {
    title: 'Probe browser: the preflight',
    request: {
      method: 'OPTIONS',
      body: null,
      headers: [
        ['Accept', '*/*'],
        ['Origin', otherOrigin],
        ['Access-Control-Request-Method', method],
        ...(names.length === 0
          ? []
          : ([['Access-Control-Request-Headers', [...new Set(names)].toSorted().join(',')]] as const)),
      ],
    },
  });
}

function preflightCheck({ diagnosed: { facts }, end }: ProbeRun, { method }: StreamRequest): RungCheck {
  const { response } = facts;
  if (response === null)
    return { name: 'preflight', passed: false, evidence: `OPTIONS: ${end.error?.message ?? end.reason}` };
  const of = (name: string): string => headerValue(response.headers, name) ?? '(none)';
  // [spec] Fetch: "If … response's status is an ok status", 200 to 299.
  const isOk = response.status >= 200 && response.status <= 299;
  const origin = of('access-control-allow-origin');
  return {
    name: 'preflight',
    passed: isOk && (origin === '*' || origin === otherOrigin),
    evidence:
      `OPTIONS for ${method}: status ${response.status}, Access-Control-Allow-Origin ${origin}, ` +
      `-Methods ${of('access-control-allow-methods')}, -Headers ${of('access-control-allow-headers')}`,
  };
}

/** Removes evidence with positions: they refer to the probe's capture, not to the subject's. */
function withoutPlaces(finding: Finding): Finding {
  const isPlaceless = ({ kind }: Finding['evidence'][number]): boolean =>
    kind === 'header' || kind === 'status' || kind === 'url' || kind === 'end';
  return { ...finding, evidence: finding.evidence.filter(isPlaceless) };
}
