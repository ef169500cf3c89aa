import type { CaptureRecord } from '../../../../core/capture/record.ts';
import { derive } from '../../../../core/pipeline/pipeline.ts';
import type { Browser, PageReport } from '../../../browser/browser.ts';
import { spanOf } from '../../pace.ts';
import {
  allowOrigin,
  checkAllowedOrigin,
  checkFetchReads,
  fetchRecords,
  keepFetch,
} from '../../page-stream.ts';
import { evidence, headerOf } from '../../received-stream.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import type { LabStream } from '../lab-stream.ts';
import { ladderRequestId } from '../ladder-request-id.ts';

const count = 5;
/** Time between the events, ms. A browser may be slow to start. */
const delay = 40;
/** Time between the events of a second try, ms, for a busy machine. */
const unhurried = 400;
/** Timeout of the page, ms. */
const timeout = 5000;

/** Rung 2: a browser's own EventSource and fetch() receive the stream. */
export const browserRung: LabRung = {
  rung: 2,
  proves: 'EventSource and fetch() in a browser receive it.',
  idea:
    'A page of another origin opens the stream of rung 1, so the server must allow that origin. ' +
    'EventSource parses events; fetch() delivers bytes as they arrive.',

  async climb(climb: LabClimb): Promise<{ readonly skipped: string } | undefined> {
    const { browser } = climb.setting;
    if ('missing' in browser) return { skipped: browser.missing };
    await checkPage(climb, browser);
    return undefined;
  },
};

/** What the page received, and the lab's yields for its two requests, ms since the epoch. */
interface LabPage {
  readonly report: PageReport;
  /** The response to the raw client, which shows all header fields. */
  readonly asked: LabStream;
  readonly yields: { readonly eventSource: readonly number[]; readonly fetch: readonly number[] };
}

async function checkPage(climb: LabClimb, browser: Browser): Promise<void> {
  const first = await openPage(climb, browser, delay);
  // A burst may come from a busy machine. A buffer shows up twice.
  const page = climb.fault !== null || isLive(first) ? first : await openPage(climb, browser, unhurried);
  const { report } = page;
  const opened = `${browser.name}, page ${report.origin}`;
  const { eventSource, fetch } = report;

  const allowed = headerOf(page.asked, allowOrigin);
  const allows = allowed === report.origin;
  checkAllowedOrigin(climb, 'The response allows the page’s origin.', allows, page.asked, report);
  climb.check('eventsource-opens', 'EventSource opens the stream.', eventSource.opened !== null, [
    evidence(null, eventSource.error === null ? opened : `${opened}: ${eventSource.error}`),
  ]);
  const seen = eventSource.events.map(({ type, data, lastEventId }) => `${type} ${lastEventId} ${data}`);
  checkSame(climb, 'eventsource', 'EventSource dispatches what was sent.', seen);
  checkLive(
    climb,
    'eventsource',
    page.yields.eventSource,
    eventSource.events.map(({ at }) => at),
  );

  checkFetchReads(climb, report, fetch.error === null && fetch.status === 200);
  const { blocks } = derive(recordsOf(page));
  const events = blocks.filter(({ kind }) => kind === 'event');
  checkSame(
    climb,
    'fetch',
    'What fetch() read is what was sent.',
    events.map(({ type, data, lastEventId }) => `${type} ${lastEventId} ${data}`),
  );
  const arrivals = events.map(({ at }) => fetch.began + (at ?? 0));
  checkLive(climb, 'fetch', page.yields.fetch, arrivals);
  climb.timing = {
    yields: page.yields.fetch.map((at) => at - fetch.began),
    arrivals: arrivals.map((at) => at - fetch.began),
  };
}

/** Whether no API received all events in one burst. Missing events are another check. */
function isLive({ report: { eventSource, fetch } }: LabPage): boolean {
  return [eventSource.events, fetch.chunks].every(
    (arrived) => arrived.length < 2 || spanOf(arrived.map(({ at }) => at)) >= delay,
  );
}

/** @param pace ms between the events */
async function openPage(climb: LabClimb, browser: Browser, pace: number): Promise<LabPage> {
  const { lab, signal, recorder } = climb.setting;
  const ids = { eventSource: ladderRequestId(), fetch: ladderRequestId() };
  const url = (id: string): string =>
    new URL(climb.path('/stages/browser', { delay: pace, request: id }), lab.origin).href;
  const forbid: (() => void)[] = [];
  const task = { eventSourceUrl: url(ids.eventSource), fetchUrl: url(ids.fetch), events: count, timeout };
  try {
    const report = await browser.run(task, (origin) => forbid.push(lab.allowOrigin(origin)), signal);
    const yields = (id: string): number[] =>
      lab.log.entries(id).flatMap(({ kind, at }) => (kind === 'yield' ? [performance.timeOrigin + at] : []));
    const headers = [['Origin', report.origin]] as const;
    const asked = await climb.open(climb.path('/stages/browser', { delay: 0 }), { headers });
    const page = {
      report,
      asked,
      yields: { eventSource: yields(ids.eventSource), fetch: yields(ids.fetch) },
    };
    const sent = [['User-Agent', report.userAgent]] as const;
    const request = { method: 'GET', url: task.fetchUrl, headers: sent, client: 'browser' } as const;
    await keepFetch(climb, recorder, ids.fetch, request, recordsOf(page, ids.fetch), report);
    return page;
  } finally {
    for (const each of forbid) each();
  }
}

/** The stream of fetch() as records; with the request's id also its yields. */
function recordsOf({ report, yields }: LabPage, requestId?: string): CaptureRecord[] {
  const records = fetchRecords(report);
  if (requestId === undefined) return records;
  const end = records.pop();
  for (const [n, at] of yields.fetch.entries()) {
    const fields = { requestId, n, text: 'hello world' };
    records.push({ kind: 'note', at: at - report.fetch.began, note: 'yield', fields });
  }
  records.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return end === undefined ? records : [...records, end];
}

function checkSame(climb: LabClimb, api: string, title: string, seen: readonly string[]): void {
  const sent = Array.from({ length: count }, (_, n) => `message ${n + 1} hello world`);
  const passed = seen.length === count && seen.every((each, n) => each === sent[n]);
  climb.check(`${api}-events-equal`, title, passed, [
    evidence(null, `${seen.length} events of ${count}${passed ? '' : `: ${seen.slice(0, 5).join(', ')}`}`),
  ]);
}

/** Checks that the events did not arrive in one burst. */
function checkLive(
  climb: LabClimb,
  api: string,
  yields: readonly number[],
  arrivals: readonly number[],
): void {
  const sent = spanOf(yields);
  const received = spanOf(arrivals);
  // The two processes have different clocks, so only the span of the arrivals counts. Buffered events arrive in one burst.
  // A browser on a busy machine may be late for the first events, but not for all.
  const passed = arrivals.length === count && received >= delay;
  climb.check(`${api}-is-live`, 'The events arrive one by one, as they are sent.', passed, [
    evidence(null, `yielded over ${sent.toFixed(0)} ms, received over ${received.toFixed(0)} ms`),
  ]);
}
