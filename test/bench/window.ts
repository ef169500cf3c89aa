import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { deltaEvent } from './event-streams.ts';
import { median, type Benchmark, type BenchRow } from './harness.ts';

/** Launches of each kind that count. */
const LAUNCHES = 5;
/** How long a stream is watched, ms. */
const WATCHED = 4000;
const EVENT_SIZE = 285;

/** The desktop application as built in `out/`, under an X server without a screen where there is no display. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'window: launch', measure: measureLaunch },
  { name: 'window: arrival to screen at 100 events a second', measure: () => measureArrivals(100) },
  { name: 'window: arrival to screen at 1,000 events a second', measure: () => measureArrivals(1000) },
  { name: 'window: arrival to screen at 10,000 events a second', measure: () => measureArrivals(10_000) },
];

/** From the start of the process to a window that can be used, beside a window with nothing in it. */
async function measureLaunch(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-window-'));
  try {
    const empty = join(folder, 'empty');
    await writeEmptyApplication(empty);
    const { root } = await import('../../scripts/setup/project.mjs');
    const ours: number[] = [];
    const theirs: number[] = [];
    // The first of each reads the executable from the disk, and does not count.
    for (let n = -1; n < LAUNCHES; n++) {
      const usable = (page: Page): Promise<void> =>
        page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
      const own = await timeToLaunch(root, join(folder, `data-${n}`), usable);
      const other = await timeToLaunch(empty, join(folder, `empty-${n}`), (page) =>
        page.getByText('empty').waitFor(),
      );
      if (n < 0) continue;
      ours.push(own);
      theirs.push(other);
    }
    return [
      {
        what: 'launch to a window that can be used',
        measured: median(ours) / median(theirs),
        target: 1.3,
        bound: 'at-most',
        unit: '× an empty window',
        detail: `${median(ours).toFixed(0)} ms beside ${median(theirs).toFixed(0)} ms`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeToLaunch(
  path: string,
  dataFolder: string,
  isThere: (page: Page) => Promise<void>,
): Promise<number> {
  // Not at the top: a test imports this file to see what it measures.
  const { launchApplication } = await import('../e2e/fixture/electron-host.ts');
  const start = performance.now();
  const application = await launchApplication(dataFolder, [], path);
  await isThere(await application.firstWindow());
  const time = performance.now() - start;
  await application.close();
  return time;
}

async function writeEmptyApplication(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.cjs"}');
  await writeFile(
    join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron');
app.setPath('userData', process.env.SSE_INSPECTOR_USER_DATA);
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false });
  window.once('ready-to-show', () => window.show());
  window.loadURL('data:text/html,<p>empty</p>');
});`,
  );
}

/** A frame of the page: when it was drawn, in ms since 1970, and how many events there were up to the newest on screen. */
type Frame = readonly [at: number, events: number];

/**
 * From the write of an event to the first frame that shows it or a later one. The two clocks are one: the machine's. The write is a little
 * earlier than the arrival, so what is measured is never too good.
 */
async function measureArrivals(rate: number): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-window-'));
  const written: number[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const began = now();
    const timer = setInterval(() => {
      const due = Math.min(WATCHED, now() - began) * (rate / 1000);
      let text = '';
      while (written.length < due) {
        text += deltaEvent(EVENT_SIZE, written.length);
        written.push(now());
      }
      if (text !== '') response.write(text);
      if (now() - began < WATCHED) return;
      clearInterval(timer);
      response.end();
    }, 1);
    response.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { launchElectron } = await import('../e2e/fixture/electron-host.ts');
  const { connectTo, stateIs } = await import('../e2e/fixture/window.ts');
  const host = await launchElectron({ dataFolder: folder, files: [] });
  try {
    const { page, electron } = host;
    if (electron === null) throw new Error('this benchmark needs Electron');
    await watchFrames(page);
    await watchLoop(electron);
    await connectTo(page, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await stateIs(page, 'Ended');
    await page.waitForFunction(
      (last) => (Reflect.get(globalThis, 'drawn') as unknown as Frame[]).at(-1)?.[1] === last,
      written.length,
    );
    const frames = await page.evaluate(() => Reflect.get(globalThis, 'drawn') as unknown as Frame[]);
    const loop = await electron.evaluate(() => {
      const delay = Reflect.get(globalThis, 'loopDelay') as { percentile(n: number): number; max: number };
      return { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    });
    const delays = delaysOf(written, frames);
    const what = `${rate} events a second, arrival → on screen`;
    const bound = 'at-most';
    const unit = 'ms';
    const detail = `${delays.length} events, ${frames.length} frames, max ${percentile(delays, 1).toFixed(0)} ms`;
    return [
      { what: `${what}, p50`, measured: percentile(delays, 0.5), target: 16, bound, unit, detail },
      { what: `${what}, p95`, measured: percentile(delays, 0.95), target: 33, bound, unit, detail },
      {
        what: 'event-loop delay of the main process meanwhile, p99',
        measured: loop.p99,
        target: 8,
        bound,
        unit,
        detail: `max ${loop.max.toFixed(1)} ms`,
      },
    ];
  } finally {
    await host.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** ms from each write to the first frame that shows the event or a later one. */
function delaysOf(written: readonly number[], frames: readonly Frame[]): number[] {
  const delays: number[] = [];
  let seen = 0;
  for (const [at, events] of frames) {
    while (seen < Math.min(events, written.length)) delays.push(at - (written[seen++] ?? Number.NaN));
  }
  if (seen < written.length) throw new Error(`${written.length - seen} events never got to the screen`);
  return delays;
}

/** Keeps, frame by frame, the newest event whose row is there with its number: the table follows the stream. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const drawn: [number, number][] = [];
    Object.assign(globalThis, { drawn });
    const look = (): void => {
      let newest = 0;
      for (const row of document.querySelectorAll('[role=grid] [role=row]')) {
        const number = row.querySelector('[role=gridcell]')?.textContent?.replaceAll(/\D/g, '') ?? '';
        if (number !== '') newest = Math.max(newest, Number(number) + 1);
      }
      if (newest > (drawn.at(-1)?.[1] ?? 0)) drawn.push([performance.timeOrigin + performance.now(), newest]);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

async function watchLoop(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const loopDelay = monitorEventLoopDelay({ resolution: 1 });
    loopDelay.enable();
    Object.assign(globalThis, { loopDelay });
  });
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
