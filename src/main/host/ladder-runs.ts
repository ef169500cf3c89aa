import type { LadderEvent, RungDescription } from '../../contract/ladder.ts';
import type { LadderParams } from '../../contract/ladder-commands.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureHeader } from '../../core/capture/record.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import type { Lab } from '../lab/lab.ts';
import type { RunRecord, RunRecorder } from '../ladder/lab-run.ts';
import type { LadderSetting } from '../ladder/rung.ts';
import type { ModelSettings } from './model-settings.ts';

export interface LadderRunsOptions {
  /** The lab, started where it is not yet. Throws a `Refusal` where it cannot be. */
  readonly lab: () => Promise<Lab>;
  readonly library: CaptureLibrary;
  readonly model: ModelSettings;
  /** The page that rung 2 opens, or why there is none. */
  readonly probe: LadderSetting['probe'];
  /** Takes the ladder's news. */
  readonly tell: (event: LadderEvent) => void;
}

/** The ladder as a user interface runs it: one at a time, its runs kept as captures. */
export class LadderRuns {
  readonly #options: LadderRunsOptions;
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(options: LadderRunsOptions) {
    this.#options = options;
  }

  async describe(): Promise<{ readonly rungs: readonly RungDescription[]; readonly running: boolean }> {
    const { rungDescriptions } = await import('../ladder/ladder.ts');
    return { rungs: rungDescriptions, running: this.#running !== null };
  }

  /** Begins to climb; settles when it has begun. Throws a `Refusal`. */
  async run({ rungs, break: fault, delay }: LadderParams): Promise<void> {
    if (this.#running !== null)
      throw new Refusal('busy', 'The ladder is being climbed: wait for its end, or stop it.');
    const stop = new AbortController();
    const begun = this.#climb({ rungs, break: fault, delay }, stop.signal);
    const running = {
      stop,
      ended: begun.then(
        ({ ended }) => ended,
        () => undefined,
      ),
    };
    this.#running = running;
    void running.ended.finally(() => {
      if (this.#running === running) this.#running = null;
    });
    await begun;
  }

  /** Stops it and waits until nothing of it is left. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async close(): Promise<void> {
    await this.stop();
  }

  async #climb(params: LadderParams, signal: AbortSignal): Promise<{ readonly ended: Promise<void> }> {
    const { model, probe, tell } = this.#options;
    const lab = await this.#options.lab();
    const upstream = await model.upstream();
    const { runLadder } = await import('../ladder/ladder.ts');
    const climbed = runLadder({
      lab,
      rungs: params.rungs,
      break: params.break,
      delay: params.delay,
      probe,
      upstream,
      signal,
      recorder: this.#recorder,
      onProgress: (progress) => tell({ kind: 'ladder', progress }),
    });
    // What it refuses, it refuses at once; what it finds out, it tells.
    await Promise.race([climbed, new Promise((resolve) => setImmediate(resolve))]);
    const over = (): void => undefined;
    return { ended: climbed.then(over, over) };
  }

  readonly #recorder: RunRecorder = async (title, request, startedAt): Promise<RunRecord> => {
    const header: CaptureHeader = { format: 'ssecap', version: 1, request, startedAt, name: title };
    const { library } = this.#options;
    const { id, sink } = await library.create(header, { origin: 'ladder', keepSecrets: false });
    return { capture: id, sink };
  };
}
