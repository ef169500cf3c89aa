import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { serverTimeouts } from '../http/server-timeouts.ts';
import { entryFile } from '../process/entry-file.ts';
import type { PageScriptTask, PageReport, PageObservation, PageTask, PageObserver } from './browser.ts';

/** A page that is ready to be opened by a browser. */
export interface ServedPage {
  /**
   * The address to open, once. It is a secret: it contains a token that gives access to the task, which can contain
   * keys. Do not pass it in the arguments of a process, which every user of the machine can read.
   */
  readonly url: string;
  readonly origin: string;
  /** The page's report; rejects if that is invalid. Never settles if the page is not opened. */
  readonly report: Promise<PageReport>;
  /** Settles when the page has received its task. */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

/** The page has no content, only its script. */
const html =
  '<!doctype html><meta charset="utf-8"><title>SSE Inspector: page of the browser client</title><script type="module" src="browser-page.js"></script>';

/** Limit for the size of a report. */
const mostBytes = 8 * 1024 * 1024;

const time = z.number();
const reportSchema: z.ZodType<PageReport> = z.object({
  userAgent: z.string().max(1000),
  origin: z.string().max(1000),
  eventSource: z.object({
    began: time,
    opened: time.nullable(),
    events: z
      .array(z.object({ at: time, type: z.string(), data: z.string(), lastEventId: z.string() }))
      .max(10_000),
    error: z.string().nullable(),
  }),
  fetch: z.object({
    began: time,
    status: z.number().int().nullable(),
    headers: z.array(z.tuple([z.string(), z.string()])).max(1000),
    chunks: z.array(z.object({ at: time, base64: z.string() })).max(100_000),
    ended: time,
    error: z.string().nullable(),
  }),
});

const observationsSchema: z.ZodType<readonly PageObservation[]> = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('began'), at: time }),
    z.object({ kind: z.literal('left-out'), at: time, names: z.array(z.string()) }),
    z.object({
      kind: z.literal('response'),
      at: time,
      status: z.number().int(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      url: z.string().nullable(),
    }),
    z.object({ kind: z.literal('chunk'), at: time, base64: z.string() }),
    z.object({ kind: z.literal('fetch-end'), at: time, error: z.string().nullable() }),
    z.object({ kind: z.literal('blocked'), at: time }),
    z.object({ kind: z.literal('source-open'), at: time }),
    z.object({
      kind: z.literal('source-event'),
      at: time,
      type: z.string(),
      lastEventId: z.string(),
      length: z.number(),
    }),
    z.object({
      kind: z.literal('source-end'),
      at: time,
      error: z.string().nullable(),
      refused: z.boolean(),
      opened: z.boolean(),
      events: z.number(),
    }),
  ]),
);

/**
 * Serves the page on its own port, so that the lab is of another origin, as servers are for most pages. The page may
 * connect only to the origins of the task. It gets the task once: a second request for it is refused and ends the run,
 * and nothing is accepted from a page without a task.
 */
export async function servePage(task: PageTask, watch?: PageObserver): Promise<ServedPage> {
  const script = await pageScript();
  const token = randomBytes(16).toString('hex');
  let settle: { resolve(report: PageReport): void; reject(error: Error): void } | null = null;
  const report = new Promise<PageReport>((resolve, reject) => (settle = { resolve, reject }));
  // Not used if the page is closed before it reports.
  report.catch(() => {});
  let start: () => void = () => {};
  const started = new Promise<void>((resolve) => (start = resolve));
  const targets = originsOf(task);
  const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${targets.join(' ')}; frame-ancestors 'none'`;

  let isTaskSent = false;
  const sendTask = (response: ServerResponse): void => {
    if (isTaskSent) {
      response.writeHead(410).end();
      settle?.reject(new Error('the task was requested a second time'));
      return;
    }
    isTaskSent = true;
    start();
    send(response, 'application/json', JSON.stringify(taskOfPage(task, watch !== undefined)));
  };
  const receiveReport = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const received = reportSchema.parse(await readJson(request));
      response.writeHead(204).end();
      settle?.resolve(received);
    } catch (error) {
      response.writeHead(400).end();
      settle?.reject(new Error('the report of the page is invalid', { cause: error }));
    }
  };
  const receiveObservations = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const observations = observationsSchema.parse(await readJson(request));
      await watch?.(observations);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(400).end();
      settle?.reject(new Error('the observations of the page are invalid', { cause: error }));
    }
  };
  const server = createServer(serverTimeouts, (request, response) => {
    const path = request.headers.host === host() ? request.url : undefined;
    const isEarly = request.method === 'POST' && !isTaskSent;
    response.setHeader('content-security-policy', policy);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    switch (isEarly ? '' : `${request.method} ${path}`) {
      case `GET /${token}/`:
        return send(response, 'text/html; charset=utf-8', html);
      case `GET /${token}/browser-page.js`:
        return send(response, 'text/javascript; charset=utf-8', script);
      case `GET /${token}/task`:
        return sendTask(response);
      case `POST /${token}/observations`:
        return void receiveObservations(request, response);
      case `POST /${token}/report`:
        return void receiveReport(request, response);
      default:
        return void response.writeHead(404).end();
    }
  });
  const host = (): string => {
    const address = server.address();
    return address === null || typeof address === 'string' ? '' : `127.0.0.1:${address.port}`;
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://${host()}`;
  return {
    url: `${origin}/${token}/`,
    origin,
    report,
    started,
    close: () =>
      new Promise((resolve) => {
        settle?.reject(new Error('the page was closed before it reported'));
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Rejects when the page has not reported in its time, which is `startTime` ms plus the timeout of its task, or with the
 * reason of `signal`; aborting that leaves no timer behind. Without a timeout, the page only has to start in time.
 */
export function lateness(
  page: Pick<ServedPage, 'started'>,
  timeout: number | null,
  startTime: number,
  signal: AbortSignal,
): Promise<never> {
  const time = (timeout ?? 0) + startTime;
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`the page did not report within ${time} ms`)), time);
    if (timeout === null) void page.started.then(() => clearTimeout(timer));
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  late.catch(() => {});
  return late;
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

/** The origins that a task connects to. */
export function originsOf({ eventSourceUrl, fetchUrl }: PageTask): string[] {
  const urls = eventSourceUrl === null ? [fetchUrl] : [eventSourceUrl, fetchUrl];
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

/** The script of the page, as JavaScript. Types are stripped only when this program runs from source. */
async function pageScript(): Promise<string> {
  const file = entryFile('browser/page/browser-page');
  const source = await readFile(file, 'utf8');
  if (file.pathname.endsWith('.js')) return source;
  const { stripTypeScriptTypes } = await import('node:module');
  return stripTypeScriptTypes(source);
}

function taskOfPage(task: PageTask, isWatched: boolean): PageScriptTask {
  const { types = [], request = { method: 'GET', headers: [], body: null } } = task;
  return { ...task, types, request, isWatched };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!(part instanceof Buffer)) continue;
    length += part.length;
    if (length > mostBytes) throw new Error('too long');
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
