import { randomUUID } from 'node:crypto';
import { ServerClock } from '../../../core/metrics/server-clock.ts';
import { Attempt, type Climbable, type RungNews } from '../climb.ts';
import type { Browser } from '../../browser/browser.ts';
import type { RunRecorder } from '../lab/lab-stream.ts';
import type { RungRequest } from './target.ts';
import { readTargetStream, type TargetStream, type TargetStreamOptions } from './target-stream.ts';

/** What every rung of a server is climbed with. */
export interface TargetSetting {
  readonly signal: AbortSignal;
  /** A page to open streams in; the reason where there is none. */
  readonly browser: Browser | { readonly missing: string };
  readonly recorder: RunRecorder | null;
  /** The clock of each server, by origin, as all runs so far tell it. */
  readonly clocks: Map<string, ServerClock>;
}

/** A rung as it is climbed on somebody's server. */
export type TargetRung = Climbable<TargetClimb>;

/** One rung of somebody's server being climbed. */
export class TargetClimb extends Attempt {
  readonly setting: TargetSetting;
  readonly request: RungRequest;

  constructor(setting: TargetSetting, request: RungRequest, news: RungNews) {
    super(null, news);
    this.setting = setting;
    this.request = request;
  }

  /** Opens the rung and keeps what came as a capture with this title. */
  async record(title: string, options: Partial<TargetStreamOptions> = {}): Promise<TargetStream> {
    const { recorder } = this.setting;
    const id = options.id ?? randomUUID();
    const keep = (capture: TargetStream['capture']): void => this.keep({ run: id, capture, title });
    // Told as soon as there is a capture, so that the stream can be watched while it comes.
    const told: RunRecorder | null =
      recorder === null
        ? null
        : async (...header) => {
            const kept = await recorder(...header);
            keep(kept.capture);
            return kept;
          };
    const run = await this.run({ ...options, id, title, recorder: told });
    if (recorder === null) keep(null);
    return run;
  }

  /** Opens the rung, for the checks alone. */
  async run(options: Partial<TargetStreamOptions> = {}): Promise<TargetStream> {
    const { signal, clocks } = this.setting;
    signal.throwIfAborted();
    const { request } = this;
    const run = await readTargetStream({
      request,
      client: 'raw',
      signal,
      recorder: null,
      title: '',
      ...options,
    });
    const clock = clocks.get(request.origin) ?? new ServerClock();
    clock.add(run.clock);
    clocks.set(request.origin, clock);
    return run;
  }

  /**
   * The server's clock as all runs tell it; as this one does where they cannot be of one clock (it was set, or several
   * servers answer).
   */
  clockOf(run: TargetStream): ServerClock {
    const clock = this.setting.clocks.get(this.request.origin);
    return clock?.isConsistent === true ? clock : run.clock;
  }
}
