import { randomUUID } from 'node:crypto';
import { ServerClock } from '../../../core/metrics/server-clock.ts';
import type { Browser } from '../../browser/browser.ts';
import { Climb, type ClimbableRung, type ClimbListener } from '../climb.ts';
import { type Pace, paceOf } from '../pace.ts';
import type { StreamRecorder } from '../received-stream.ts';
import { readTargetStream, type TargetStream, type TargetStreamOptions, yieldsBy } from './target-stream.ts';
import type { RungRequest } from './target.ts';

/** What every rung of a server is climbed with. */
export interface TargetSetting {
  readonly signal: AbortSignal;
  /** A page to open streams in; the reason where there is none. */
  readonly browser: Browser | { readonly missing: string };
  readonly recorder: StreamRecorder | null;
  /** The clock of each server, by origin, as all runs so far tell it. */
  readonly clocks: Map<string, ServerClock>;
}

/** A rung as it is climbed on somebody's server. */
export type TargetRung = ClimbableRung<TargetClimb>;

/** One rung of somebody's server being climbed. */
export class TargetClimb extends Climb {
  readonly setting: TargetSetting;
  readonly request: RungRequest;

  constructor(setting: TargetSetting, request: RungRequest, listener: ClimbListener) {
    super(null, listener);
    this.setting = setting;
    this.request = request;
  }

  /** Opens the rung and keeps what came as a capture with this title. */
  async record(title: string, options: Partial<TargetStreamOptions> = {}): Promise<TargetStream> {
    const id = options.id ?? randomUUID();
    return this.keepStream(id, title, this.setting.recorder, (recorder) =>
      this.open({ ...options, id, title, recorder }),
    );
  }

  /** Opens the rung, for the checks alone. */
  async open(options: Partial<TargetStreamOptions> = {}): Promise<TargetStream> {
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

  /** How the stream arrived against the yields that the server logged. */
  paceOf(stream: TargetStream): Pace | null {
    return paceOf(yieldsBy(stream, this.clockOf(stream)));
  }
}
