import type { CaptureId } from '../../contract/capture-id.ts';
import type { PlannedProbe } from '../../contract/probes.ts';
import { Refusal } from '../../contract/refusal.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import type { ProbeVerdict } from '../../core/findings/probe-verdict.ts';
import type { CaptureLibrary } from '../captures/library.ts';
import type { ProbeRecorder, ProbeSubject } from '../probes/probe.ts';
import { skipAll, planProbes, requestAgain, runProbes } from '../probes/probes.ts';
import type { Connections } from './connections.ts';
import type { HostPlatform } from './platform.ts';

/** Runs probes for a user interface, one at a time, and records each request as a capture. */
export class ProbeRuns {
  readonly #library: CaptureLibrary;
  readonly #connections: Connections;
  readonly #browser: HostPlatform['browser'];
  #running: { readonly stop: AbortController; readonly ended: Promise<unknown> } | null = null;

  constructor(library: CaptureLibrary, connections: Connections, browser: HostPlatform['browser']) {
    this.#library = library;
    this.#connections = connections;
    this.#browser = browser;
  }

  /** What each probe would send. If the request cannot be sent again, all are skipped with the reason. */
  async plan(capture: CaptureId): Promise<readonly PlannedProbe[]> {
    const subject = await this.#subject(capture);
    return 'reason' in subject ? skipAll(subject.reason) : planProbes(subject, { browser: this.#browser });
  }

  /** Sends one probe. Throws a `Refusal` (`busy`, `not-available`). */
  async run(capture: CaptureId, probe: ProbeName): Promise<ProbeVerdict> {
    if (this.#running !== null)
      throw new Refusal('busy', 'Another probe is running. Wait for its end, or stop it.');
    const stop = new AbortController();
    const sent = this.#send(capture, probe, stop.signal);
    const running = { stop, ended: sent.catch(() => undefined) };
    this.#running = running;
    try {
      return await sent;
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** Stops the running probe and waits until it has ended. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async #send(capture: CaptureId, probe: ProbeName, signal: AbortSignal): Promise<ProbeVerdict> {
    const subject = await this.#subject(capture);
    if ('reason' in subject) throw new Refusal('not-available', subject.reason);
    const setting = { recorder: this.#recorder, browser: this.#browser, signal };
    const [verdict] = await runProbes(subject, setting, {}, [probe]);
    if (verdict === undefined) throw new Refusal('not-available', 'The probe was stopped.');
    return verdict;
  }

  /** The captured stream and its request with secrets, or why the request cannot be sent. */
  async #subject(capture: CaptureId): Promise<ProbeSubject | { readonly reason: string }> {
    const { stored, ...judged } = await this.#library.ask(capture, async (session) => ({
      stored: session.header.request,
      diagnosed: await session.reader.diagnosed(),
      diagnosis: await session.reader.diagnosis(),
    }));
    // The stored request lacks its secrets. If this process sent it, it still has them.
    const request = this.#connections.requestOf(capture) ?? requestAgain(stored);
    return 'reason' in request ? request : { request, ...judged };
  }

  readonly #recorder: ProbeRecorder = async (title, request, startedAt) => {
    const header = { format: 'ssecap', version: 1, request, startedAt, name: title } as const;
    const { id, sink } = await this.#library.create(header, { origin: 'connection', keepSecrets: false });
    return { capture: id, sink };
  };
}
