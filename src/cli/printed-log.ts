import { labRecordText, labRecordTime, type LabRecord } from '../contract/lab-log.ts';
import type { LabLog } from '../main/lab/lab-log.ts';
import { LabRecorder } from '../main/lab/lab-recorder.ts';
import type { Program } from './command.ts';
import type { Output } from './output.ts';
import { Printer, type View } from './printer.ts';
import { untilStopped } from './until-stopped.ts';

const recordView: View<LabRecord> = {
  columns: [
    { title: 'time', width: 12 },
    { title: 'request', width: 8 },
    { title: 'endpoint', width: 14 },
    { title: 'what', width: 11 },
    { title: 'details', width: 0 },
  ],
  json: ({ kind, at, requestId, endpoint, time, ...rest }) =>
    JSON.stringify({ kind, at: Math.round(at * 1000) / 1000, requestId, endpoint, time, ...rest }),
  cells: (record) => [
    labRecordTime(record),
    record.requestId ?? '',
    record.endpoint ?? '',
    record.kind,
    labRecordText(record),
  ],
};

/** Records printed before the rest of the process runs again. */
const RECORDS_PER_TURN = 500;

/** A server of this program that runs until Ctrl-C. */
interface LoggingServer {
  readonly log: LabLog;
  close(): Promise<void>;
}

/**
 * Starts a server and prints its log as it happens, until Ctrl-C. Then closes it, and prints how its open streams ended.
 * @param announce prints what is known of the server, before its log
 */
export async function printLogOf<Server extends LoggingServer>(
  start: () => Promise<Server>,
  announce: (server: Server) => Promise<void>,
  { output, notify }: Pick<Program, 'output' | 'notify'>,
  asTable: boolean,
): Promise<void> {
  const stopped = untilStopped();
  try {
    const server = await start();
    let wake = (): void => {};
    const recorder = new LabRecorder(
      server.log,
      () => true,
      () => wake(),
    );
    const log = new PrintedLog(recorder, output, asTable, notify);
    const ended = AbortSignal.any([stopped.signal, output.closed]);
    ended.addEventListener('abort', () => wake());
    try {
      await announce(server);
      while (!ended.aborted) {
        const news = new Promise<void>((resolve) => (wake = resolve));
        if (!(await log.print())) await news;
      }
    } finally {
      await server.close();
      recorder.close();
    }
    // The ends of the streams that were still open.
    while (await log.print());
  } finally {
    stopped.release();
  }
}

/** Prints the log of a lab in order, no faster than the output accepts it. */
class PrintedLog {
  readonly #recorder: LabRecorder;
  readonly #output: Output;
  readonly #printer: Printer<LabRecord>;
  readonly #notify: (message: string) => void;
  #next = 0;

  constructor(recorder: LabRecorder, output: Output, asTable: boolean, notify: (message: string) => void) {
    this.#recorder = recorder;
    this.#output = output;
    this.#printer = new Printer(output, recordView, asTable);
    this.#notify = notify;
  }

  /** Prints the next records; false if there are none. Throws `OutputClosed`. */
  async print(): Promise<boolean> {
    const { records, next, missed } = this.#recorder.since(this.#next, RECORDS_PER_TURN);
    this.#next = next;
    if (missed > 0) this.#notify(`Skipped ${missed} records of the log: the output is too slow`);
    for (const record of records) await this.#printer.print(record);
    await this.#output.flush();
    return records.length > 0;
  }
}
