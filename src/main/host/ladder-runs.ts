import type { HostEvent } from '../../contract/host-event.ts';
import type { LadderResult, RungDescription } from '../../contract/ladder.ts';
import type { LadderRun } from '../../contract/ladder-run.ts';
import type { LadderParams } from '../../contract/ladder-commands.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { CaptureHeader } from '../../core/capture/record.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import type { Lab } from '../lab/lab.ts';
import type { KeptStream, StreamRecorder } from '../ladder/received-stream.ts';
import { ladderRun } from '../ladder/ladder-run.ts';
import type { LadderRunStore } from '../ladder/ladder-run-store.ts';
import type { LadderSetting } from '../ladder/lab/lab-rung.ts';
import { targetOf } from '../ladder/target/target.ts';
import type { TargetLadderOptions } from '../ladder/target/target-ladder.ts';
import type { ModelSettings } from './model-settings.ts';

export interface LadderRunsOptions {
  /** The lab, started if necessary. Throws a `Refusal` if it cannot start. */
  readonly lab: () => Promise<Lab>;
  readonly library: CaptureLibrary;
  readonly model: ModelSettings;
  /** The page that rung 2 opens, or why it is missing. */
  readonly browser: LadderSetting['browser'];
  /** Stores the runs. */
  readonly store: LadderRunStore;
  /** Takes the ladder's events. */
  readonly emit: (event: HostEvent) => void;
}

/** Runs the ladder for a user interface, one run at a time, and records its streams as captures. */
export class LadderRuns {
  readonly #options: LadderRunsOptions;
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(options: LadderRunsOptions) {
    this.#options = options;
  }

  async describe(): Promise<{ readonly rungs: readonly RungDescription[]; readonly running: boolean }> {
    const { rungDescriptions } = await import('../ladder/lab/lab-ladder.ts');
    return { rungs: rungDescriptions, running: this.#running !== null };
  }

  /** Starts a run; settles when it has started. Throws a `Refusal`. */
  async run(params: LadderParams): Promise<void> {
    if (this.#running !== null)
      throw new Refusal('busy', 'The ladder is running. Wait for its end, or stop it.');
    const stop = new AbortController();
    const begun = this.#climb(params, stop.signal);
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

  /** Stops the run and waits until it has ended. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async close(): Promise<void> {
    await this.stop();
  }

  async #climb(params: LadderParams, signal: AbortSignal): Promise<{ readonly ended: Promise<void> }> {
    const { browser, emit } = this.#options;
    const startedAt = new Date();
    const climbed = await this.#begin(params, {
      rungs: params.rungs,
      browser,
      signal,
      recorder: this.#recorder,
      // The result is emitted after it is stored.
      onProgress: (progress) => {
        if (progress.kind !== 'result') emit({ kind: 'ladder', progress });
      },
    });
    // A refusal comes at once. Later failures are part of the result.
    await Promise.race([climbed.result, new Promise((resolve) => setImmediate(resolve))]);
    const target = params.target === undefined ? null : targetOf(params.target);
    const ended = climbed.result.then(
      async (result) => {
        await this.#keep(ladderRun(result, startedAt, target));
        emit({ kind: 'ladder', progress: result });
      },
      () => undefined,
    );
    return { ended };
  }

  /** Stores a run. If that fails, the user is notified and still gets the result. */
  async #keep(run: LadderRun): Promise<void> {
    try {
      await this.#options.store.keep(run);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#options.emit({ kind: 'notice', level: 'error', message });
    }
  }

  /** The result is wrapped, so that awaiting this does not await the result. */
  async #begin(
    { target, break: fault, delay }: LadderParams,
    options: Omit<TargetLadderOptions, 'target'>,
  ): Promise<{ readonly result: Promise<LadderResult> }> {
    if (target !== undefined) {
      if (fault !== undefined || delay !== undefined)
        throw new Refusal('bad-params', 'Only the lab can be broken or paced, not a target.');
      const { runTargetLadder } = await import('../ladder/target/target-ladder.ts');
      return { result: runTargetLadder({ target, ...options }) };
    }
    const lab = await this.#options.lab();
    const upstream = await this.#options.model.upstream();
    const { runLadder } = await import('../ladder/lab/lab-ladder.ts');
    return { result: runLadder({ lab, break: fault, delay, upstream, ...options }) };
  }

  readonly #recorder: StreamRecorder = async (title, request, startedAt): Promise<KeptStream> => {
    const header: CaptureHeader = { format: 'ssecap', version: 1, request, startedAt, name: title };
    const { library } = this.#options;
    const { id, sink } = await library.create(header, { origin: 'ladder', keepSecrets: false });
    return { capture: id, sink };
  };
}
