import { open, stat, type FileHandle } from 'node:fs/promises';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary, CaptureWarning } from '../../contract/capture-summary.ts';
import type { CaptureHeader, CaptureRecord, RecordSink } from '../../core/capture/record.ts';
import { redactRecord } from '../../core/capture/redact.ts';
import { CaptureWriter, createFile, type AppendFile, type WrittenRecord } from './capture-writer.ts';
import { CaptureSession } from './capture-session.ts';

export interface LiveCaptureOptions {
  readonly origin: CaptureSummary['origin'];
  readonly keepSecrets: boolean;
  readonly name: string | null;
  /** Called when there is more to show. */
  readonly onChange: () => void;
  /** Called once, when all of the capture is on disk, or as much as there is room for. Never rejects. */
  readonly onFinished: () => Promise<unknown>;
  /** ms between attempts to write while the disk is full; tests give a shorter time. */
  readonly retryAfter?: number | undefined;
  /** Opens the file to append to; tests give one that fails. */
  readonly createFile?: ((path: string) => Promise<AppendFile>) | undefined;
}

/** A capture that is being recorded. Records go into its session once they are in its file. */
export class LiveCapture {
  readonly id: CaptureId;
  readonly session: CaptureSession;
  readonly #writer: CaptureWriter;
  readonly #options: LiveCaptureOptions;
  /** Processing a record failed: the rest is recorded, but not shown. */
  #broken = false;
  /** Warnings in addition to the writer's problem. */
  readonly #warnings: CaptureWarning[] = [];
  #finishing: Promise<number> | null = null;
  #isEnding = false;

  private constructor(session: CaptureSession, writer: CaptureWriter, options: LiveCaptureOptions) {
    this.id = session.id;
    this.session = session;
    this.#writer = writer;
    this.#options = options;
    writer.onWritten = (written) => this.#take(written);
    writer.onProblem = () => this.#problemChanged();
  }

  /** Begins a capture in a new file. Rejects with the file system's error. */
  static async create(
    id: CaptureId,
    path: string,
    header: CaptureHeader,
    options: LiveCaptureOptions,
  ): Promise<LiveCapture> {
    const file = await (options.createFile ?? createFile)(path);
    let reading: FileHandle | null = null;
    try {
      const writer = await CaptureWriter.create(file, { header, origin: options.origin }, options.retryAfter);
      reading = await open(path, 'r');
      const { size } = await stat(path);
      const session = new CaptureSession(
        id,
        { header, origin: options.origin },
        {
          name: options.name,
          file: reading,
          start: size,
          state: options.origin === 'file' ? 'loading' : 'recording',
          recordedElsewhere: false,
          worst: null,
        },
      );
      return new LiveCapture(session, writer, options);
    } catch (error) {
      await reading?.close();
      await file.close();
      throw error;
    }
  }

  /** Whether it has an end record, on disk or not. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Takes the records of the stream in order. An end record finishes the capture once it is on disk. */
  readonly sink: RecordSink = (record) => {
    if (record.kind === 'end') this.#isEnding = true;
    return this.#writer.append(this.#options.keepSecrets ? record : redactRecord(record));
  };

  /**
   * Finishes the capture unless an end record has done so. Resolves when everything is on disk, or cannot be, and other
   * processes may change the capture: with the number of bytes that there was no room for.
   */
  close(): Promise<number> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  async #finish(): Promise<number> {
    const lost = await this.#writer.close();
    if (lost > 0) this.#warnLost(lost);
    this.session.finish();
    await this.#options.onFinished();
    return lost;
  }

  #take(written: readonly WrittenRecord[]): void {
    try {
      if (!this.#broken) for (const { record, size } of written) this.#derive(record, size);
    } catch (error) {
      // A bug. The recording continues.
      this.#broken = true;
      const message = `The capture is recorded, but the rest cannot be shown: ${String(error)}`;
      this.warn({ code: 'internal', message });
    }
    this.#options.onChange();
    if (written.some(({ record }) => record.kind === 'end')) void this.close();
  }

  #derive(record: CaptureRecord, size: number): void {
    this.session.push(record, size);
    if (record.kind === 'end') this.session.finish();
  }

  /** Adds a warning, each code once. */
  warn(warning: CaptureWarning): void {
    if (this.#warnings.some(({ code }) => code === warning.code)) return;
    this.#warnings.push(warning);
    this.#problemChanged();
  }

  /** The recording is over: the waiting bytes are lost. */
  #warnLost(bytes: number): void {
    const { problem } = this.#writer;
    const why = problem?.code === 'disk-full' ? 'the disk is full' : 'the file could not be written';
    const count = `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
    const message = `The last ${count} of the recording are lost, because ${why}.`;
    this.session.warn([{ code: problem?.code ?? 'storage-failed', message }, ...this.#warnings]);
  }

  #problemChanged(): void {
    const { problem } = this.#writer;
    this.session.warn(problem === null ? [...this.#warnings] : [problem, ...this.#warnings]);
    this.#options.onChange();
  }
}
