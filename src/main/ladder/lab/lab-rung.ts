import type { LadderBreak, RungDescription } from '../../../contract/ladder.ts';
import type { RungNumber } from '../../../core/rungs.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Browser } from '../../browser/browser.ts';
import { Climb, type ClimbableRung, type ClimbListener } from '../climb.ts';
import type { StreamRecorder } from '../received-stream.ts';
import { type LabStream, type LabStreamOptions, readLabStream } from './lab-stream.ts';
import type { RungUpstream } from './rung-upstream.ts';
import { ladderRequestId } from './ladder-request-id.ts';

/** What all rungs of the lab share. */
export interface LadderSetting {
  readonly lab: Lab;
  readonly signal: AbortSignal;
  /** A browser to open streams in, or why there is none. */
  readonly browser: Browser | { readonly missing: string };
  readonly upstream: RungUpstream | null;
  /** ms between the yields of rung 4. */
  readonly delay: number;
  readonly recorder: StreamRecorder | null;
}

/** A rung of the ladder on the lab. */
export interface LabRung extends Omit<RungDescription, 'name' | 'breaks'>, ClimbableRung<LabClimb> {
  readonly rung: RungNumber;
}

/** One run of a rung on the lab. */
export class LabClimb extends Climb {
  readonly setting: LadderSetting;
  /** The ids of its requests. */
  readonly requests = new Set<string>();

  constructor(setting: LadderSetting, fault: LadderBreak | null, listener: ClimbListener) {
    super(fault, listener);
    this.setting = setting;
  }

  /** A path of the lab with a query, including the break. */
  path(path: string, query: { readonly [name: string]: string | number } = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    if (this.fault !== null) search.set('break', this.fault);
    return `${path}?${search.toString()}`;
  }

  /** Reads a stream and records it as a capture with this title. */
  async record(title: string, path: string, options: Partial<LabStreamOptions> = {}): Promise<LabStream> {
    const id = ladderRequestId();
    return this.keepStream(id, title, this.setting.recorder, (recorder) =>
      this.open(path, { id, title, recorder, ...options }),
    );
  }

  /** Reads a stream without a capture. */
  async open(path: string, options: Partial<LabStreamOptions> = {}): Promise<LabStream> {
    const { lab, signal } = this.setting;
    signal.throwIfAborted();
    const id = options.id ?? ladderRequestId();
    this.requests.add(id);
    const stream = await readLabStream({
      lab,
      path,
      client: 'raw',
      signal,
      recorder: null,
      title: '',
      ...options,
      id,
    });
    signal.throwIfAborted();
    return stream;
  }
}
