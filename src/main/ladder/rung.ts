import type {
  Check,
  Evidence,
  LadderBreak,
  RungCapture,
  RungDescription,
  RungTiming,
} from '../../contract/ladder.ts';
import { randomUUID } from 'node:crypto';
import type { Lab } from '../lab/lab.ts';
import type { UpstreamSettings } from '../lab/upstreams.ts';
import type { BrowserProbe } from './browser-probe.ts';
import { type LabRun, runLab, type RunOptions, type RunRecorder } from './lab-run.ts';

/** A model for rung 6 other than the scripted one. */
export interface RungUpstream extends UpstreamSettings {
  readonly api: 'chat' | 'responses';
}

/** What every rung climbs with. */
export interface LadderSetting {
  readonly lab: Lab;
  readonly signal: AbortSignal;
  /** A page to open streams in; the reason where there is none. */
  readonly probe: BrowserProbe | { readonly missing: string };
  readonly upstream: RungUpstream | null;
  /** ms between the yields of rung 4. */
  readonly delay: number;
  readonly recorder: RunRecorder | null;
}

/** What a rung tells while it is climbed. */
export interface RungNews {
  check(check: Check): void;
  capture(capture: RungCapture): void;
}

/** One rung: what it is about, and how it is climbed. */
export interface Rung extends RungDescription {
  /** Climbs it, telling each check as it is made. Returns a reason where it cannot be climbed here at all. */
  climb(climb: Climb): Promise<{ readonly skipped: string } | undefined>;
}

/** One rung being climbed: opens its runs and collects its checks. */
export class Climb {
  readonly setting: LadderSetting;
  /** The break of this rung, where one was asked for. */
  readonly fault: LadderBreak | null;
  readonly checks: Check[] = [];
  readonly captures: RungCapture[] = [];
  /** The ids of all its requests. */
  readonly runs = new Set<string>();
  timing: RungTiming | null = null;
  readonly #news: RungNews;

  constructor(setting: LadderSetting, fault: LadderBreak | null, news: RungNews) {
    this.setting = setting;
    this.fault = fault;
    this.#news = news;
  }

  check(name: string, title: string, passed: boolean, evidence: readonly Evidence[]): void {
    const check: Check = { name, title, passed, evidence };
    this.checks.push(check);
    this.#news.check(check);
  }

  /** A path of the lab with a query, and with the break where the rung is to fail. */
  path(path: string, query: { readonly [name: string]: string | number } = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    if (this.fault !== null) search.set('break', this.fault);
    return `${path}?${search.toString()}`;
  }

  /** Opens a path and keeps what came as a capture with this title. */
  async record(title: string, path: string, options: Partial<RunOptions> = {}): Promise<LabRun> {
    const { recorder } = this.setting;
    const id = randomUUID();
    if (recorder === null) {
      const run = await this.run(path, { id, title, ...options });
      this.keep({ run: id, capture: null, title });
      return run;
    }
    // Told as soon as there is a capture, so that the stream can be watched while it comes.
    const told: RunRecorder = async (...header) => {
      const kept = await recorder(...header);
      this.keep({ run: id, capture: kept.capture, title });
      return kept;
    };
    return this.run(path, { id, recorder: told, title, ...options });
  }

  /** Opens a path, for the checks alone. */
  async run(path: string, options: Partial<RunOptions> = {}): Promise<LabRun> {
    const { lab, signal } = this.setting;
    signal.throwIfAborted();
    const id = options.id ?? randomUUID();
    this.runs.add(id);
    const run = await runLab({ lab, path, client: 'raw', signal, recorder: null, title: '', ...options, id });
    signal.throwIfAborted();
    return run;
  }

  keep(capture: RungCapture): void {
    this.captures.push(capture);
    this.#news.capture(capture);
  }
}
