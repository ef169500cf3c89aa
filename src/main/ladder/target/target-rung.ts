import { randomUUID } from 'node:crypto';
import { ServerClock } from '../../../core/metrics/server-clock.ts';
import type { Browser } from '../../browser/browser.ts';
import { Climb, type ClimbableRung, type ClimbListener } from '../climb.ts';
import { type Pace, paceOf } from '../pace.ts';
import type { StreamRecorder } from '../received-stream.ts';
import { readTargetStream, type TargetStream, type TargetStreamOptions, yieldsBy } from './target-stream.ts';
import type { RungRequest } from './target.ts';

/** What all rungs of a target share. */
export interface TargetSetting {
  readonly signal: AbortSignal;
  /** A browser to open streams in, or why there is none. */
  readonly browser: Browser | { readonly missing: string };
  readonly recorder: StreamRecorder | null;
  /** The clock of each server by origin, estimated from all streams so far. */
  readonly clocks: Map<string, ServerClock>;
}

/** A rung of the ladder on a target. */
export type TargetRung = ClimbableRung<TargetClimb>;

/** One run of a rung on a target. */
export class TargetClimb extends Climb {
  readonly setting: TargetSetting;
  readonly request: RungRequest;

  constructor(setting: TargetSetting, request: RungRequest, listener: ClimbListener) {
    super(null, listener);
    this.setting = setting;
    this.request = request;
  }

  /** Reads the stream of the rung and records it as a capture with this title. */
  async record(title: string, options: Partial<TargetStreamOptions> = {}): Promise<TargetStream> {
    const id = options.id ?? randomUUID();
    return this.keepStream(id, title, this.setting.recorder, (recorder) =>
      this.open({ ...options, id, title, recorder }),
    );
  }

  /** Reads the stream of the rung without a capture. */
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
   * The server's clock, estimated from all streams. If they contradict each other (the clock was set, or several servers
   * answer), estimated from this stream.
   */
  clockOf(run: TargetStream): ServerClock {
    const clock = this.setting.clocks.get(this.request.origin);
    return clock?.isConsistent === true ? clock : run.clock;
  }

  /** Compares the arrivals of a stream with the yields that the server logged. */
  paceOf(stream: TargetStream): Pace | null {
    return paceOf(yieldsBy(stream, this.clockOf(stream)));
  }
}
