import type { LabDescription } from '../../contract/host-description.ts';
import type { HostEvent } from '../../contract/host-event.ts';
import type { LabRecords } from '../../contract/lab-log.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { LabRecorder } from '../lab/lab-recorder.ts';
import type { Lab } from '../lab/lab.ts';

/** ms between notifications that the lab's log has grown. */
const gathering = 50;
/** Most records per request. */
const atOnce = 1000;

interface Started {
  readonly lab: Lab;
  /** Records requests, except for those of the ladder. */
  readonly recorder: LabRecorder;
}

/** The lab, loaded and started on first use, so that the application starts faster. */
export class LabStart {
  readonly #emit: (event: HostEvent) => void;
  #started: Promise<Started> | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param emit called when the log has grown */
  constructor(emit: (event: HostEvent) => void) {
    this.#emit = emit;
  }

  /** Throws a `Refusal` if it cannot start. The next call tries again. */
  async started(): Promise<Lab> {
    return (await this.#start()).lab;
  }

  async describe(): Promise<LabDescription> {
    try {
      const { origin, endpoints } = await this.started();
      return { origin, problem: null, endpoints };
    } catch (error) {
      return { origin: null, problem: error instanceof Error ? error.message : String(error), endpoints: [] };
    }
  }

  /** The log from a record number on. Throws a `Refusal`. */
  async log(from: number): Promise<LabRecords> {
    return (await this.#start()).recorder.since(from, atOnce);
  }

  async close(): Promise<void> {
    const started = await this.#started?.catch(() => null);
    await started?.lab.close();
    started?.recorder.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #start(): Promise<Started> {
    try {
      this.#started ??= this.#load();
      return await this.#started;
    } catch (cause) {
      this.#started = null;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Refusal('not-available', `The lab could not start: ${why}`, { cause });
    }
  }

  async #load(): Promise<Started> {
    const [{ startLab }, { LabRecorder }, { isLadderRequest }] = await Promise.all([
      import('../lab/lab.ts'),
      import('../lab/lab-recorder.ts'),
      import('../ladder/lab/ladder-request-id.ts'),
    ]);
    const lab = await startLab();
    const recorder: LabRecorder = new LabRecorder(
      lab.log,
      (requestId) => !isLadderRequest(requestId),
      () => {
        this.#timer ??= setTimeout(() => {
          this.#timer = null;
          this.#emit({ kind: 'lab-log', next: recorder.next });
        }, gathering).unref();
      },
    );
    return { lab, recorder };
  }
}
