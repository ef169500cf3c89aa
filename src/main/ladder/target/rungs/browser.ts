import { randomUUID } from 'node:crypto';
import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { derive } from '../../../../core/pipeline/pipeline.ts';
import { readServerLog } from '../../../../core/sse/server-log.ts';
import { describedRequest } from '../../../client/stream-request.ts';
import type { Browser, PageReport } from '../../../browser/browser.ts';
import { helloWorlds } from './endpoint.ts';
import { spanOf } from '../../pace.ts';
import {
  allowOrigin,
  checkAllowedOrigin,
  checkFetchReads,
  fetchRecords,
  keepFetch,
} from '../../page-stream.ts';
import { eventsOf, evidence, headerOf, statusOf } from '../../received-stream.ts';
import { quoted } from '../../stream-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';
import { streamRequest } from '../target.ts';

/** Timeout of the page, ms. */
const timeout = 15_000;
/** Yields must span at least this time to judge whether the stream is live, ms. */
const leastSpan = 100;
/** The arrivals must span at least this part of the yields' span. A browser may be late for the first events only. */
const leastPart = 0.25;

/** Rung 2 on a target: a page of another origin opens the stream with EventSource and fetch(). */
export const browserTarget: TargetRung = {
  rung: 2,

  async climb(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
    const { browser } = climb.setting;
    if ('missing' in browser) return { skipped: browser.missing };
    let page = await openPage(climb, browser);
    // A burst may come from a busy machine. A buffer shows up twice.
    if (isLive(page) === false) page = await openPage(climb, browser);
    checkOrigin(climb, page);
    checkEventSource(climb, page);
    checkFetch(climb, page);
    checkLive(climb, page);
    return undefined;
  },
};

/** What a page received, and the response to the raw client. */
interface TargetPage {
  readonly report: PageReport;
  readonly browser: string;
  /** The response to the raw client, with the page's Origin. */
  readonly asked: TargetStream;
  readonly fetched: Pick<TargetStream, 'id' | 'capture' | 'derived'>;
  /** Yields that the server logged in the page's stream, ms by the server's clock. */
  readonly yields: readonly number[];
  /** Whether EventSource can send this request. */
  readonly hasSource: boolean;
}

async function openPage(climb: TargetClimb, browser: Browser): Promise<TargetPage> {
  const { signal, recorder } = climb.setting;
  const { url, method, body } = streamRequest(climb.request);
  const headers = ownHeaders(climb, body !== null);
  const hasSource = method === 'GET' && body === null && climb.request.headers.length === 0;
  const report = await browser.run(
    {
      eventSourceUrl: hasSource ? url.href : null,
      fetchUrl: url.href,
      ...(hasSource ? {} : { request: { method, headers, body } }),
      // A shared stream may have any length, so one event is enough.
      events: climb.request.own ? helloWorlds.count : 1,
      timeout,
    },
    // Only the server decides whether it allows the page's origin.
    () => undefined,
    signal,
  );
  const records = fetchRecords(report);
  const id = randomUUID();
  const described = describedRequest({ method, url, headers, body }, 'browser');
  const capture = await keepFetch(climb, recorder, id, described, records, report);
  const derived = derive(records);
  const asked = await climb.open({ headers: [['Origin', report.origin]] });
  return {
    report,
    browser: browser.name,
    asked,
    fetched: { id, capture, derived },
    yields: readServerLog(derived.blocks).yields.map(({ at }) => at),
    hasSource,
  };
}

/** The header fields of the target, without those that the client adds. */
function ownHeaders(climb: TargetClimb, hasBody: boolean): [string, string][] {
  const given = climb.request.headers.map(([name, value]): [string, string] => [name, value]);
  const names = given.map(([name]) => name.toLowerCase());
  const { headers } = streamRequest(climb.request);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type');
  return hasBody && type !== undefined && !names.includes('content-type') ? [...given, [...type]] : given;
}

function checkOrigin(climb: TargetClimb, { asked, report }: TargetPage): void {
  const allowed = headerOf(asked, allowOrigin);
  const allows = allowed === report.origin || allowed === '*';
  checkAllowedOrigin(climb, 'The response allows a page of another origin.', allows, asked, report);
}

function checkEventSource(climb: TargetClimb, page: TargetPage): void {
  const { eventSource } = page.report;
  if (!page.hasSource) {
    climb.leaveOut('eventsource-opens', 'EventSource can only send a GET without custom header fields');
    return;
  }
  const opened = eventSource.opened !== null;
  climb.check('eventsource-opens', 'EventSource opens the stream.', opened, [
    evidence(null, `${page.browser}, page ${page.report.origin}`),
    ...(opened
      ? []
      : [evidence(page.asked, `${eventSource.error ?? 'not opened'}; ${whatItGot(page.asked)}`)]),
  ]);
  if (!opened) return;
  checkHello(climb, page, 'eventsource', eventSource.events, eventSource.error);
}

/** [spec] HTML §9.2.3: any other status than 200 or type than text/event-stream fails the connection. */
function whatItGot(asked: TargetStream): string {
  const status = statusOf(asked);
  if (status === null)
    return `the raw client got no response: ${asked.end.error?.message ?? asked.end.reason}`;
  return `the raw client got status ${status}, content type ${headerOf(asked, 'content-type') ?? '(none)'}`;
}

function checkFetch(climb: TargetClimb, page: TargetPage): void {
  const { fetch } = page.report;
  // The page itself stops a shared stream.
  const isGivenUp = !climb.request.own && fetch.chunks.length > 0;
  const reads = fetch.status === 200 && (fetch.error === null || isGivenUp);
  checkFetchReads(climb, page.report, reads);
  if (fetch.status === null) return;
  checkHello(climb, page, 'fetch', eventsOf(page.fetched), fetch.error);
}

function checkHello(
  climb: TargetClimb,
  page: TargetPage,
  api: string,
  events: readonly { readonly data: string }[],
  error: string | null,
): void {
  const { own } = climb.request;
  const wrong = own ? events.filter((event) => !helloWorlds.fits(event)) : [];
  const enough = own ? events.length === helloWorlds.count : events.length > 0;
  const found: CheckEvidence[] = [
    evidence(page.fetched, `${events.length} events${error === null ? '' : ` (${error})`}`),
    ...wrong.slice(0, 3).map(({ data }) => evidence(page.fetched, quoted(data))),
  ];
  const title = own ? `Five events arrive, ${helloWorlds.what}.` : 'Events arrive.';
  climb.check(`${api}-events-arrive`, title, enough && wrong.length === 0, found);
}

/** Whether the events arrived over time, as they were yielded; null if unknown. */
function isLive({ report, yields, fetched, hasSource }: TargetPage): boolean | null {
  const yielded = spanOf(yields);
  if (yielded < leastSpan || report.fetch.error !== null) return null;
  const spans = [
    spanOf(eventsOf(fetched).flatMap(({ at }) => at ?? [])),
    ...(hasSource && report.eventSource.error === null && report.eventSource.events.length > 1
      ? [spanOf(report.eventSource.events.map(({ at }) => at))]
      : []),
  ];
  return spans.every((span) => span >= yielded * leastPart);
}

function checkLive(climb: TargetClimb, page: TargetPage): void {
  const live = isLive(page);
  if (live === null) {
    const needed = `this needs “: yield” lines over at least ${leastSpan} ms`;
    climb.leaveOut(
      'browser-is-live',
      `whether the page received the events as they were yielded is unknown: ${needed}`,
    );
    return;
  }
  const arrived = spanOf(eventsOf(page.fetched).flatMap(({ at }) => at ?? []));
  climb.check('browser-is-live', 'The page receives the events as they are yielded.', live, [
    evidence(
      page.fetched,
      `yielded over ${spanOf(page.yields).toFixed(0)} ms, received over ${arrived.toFixed(0)} ms`,
    ),
  ]);
}
