import type { LabEndpoint } from '../contract/host-description.ts';
import { labRecordText, labRecordTime, type LabRecord } from '../contract/lab-log.ts';
import { LabRecorder } from '../main/lab/lab-recorder.ts';
import { startLab } from '../main/lab/lab.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus } from './command-failure.ts';
import type { Output } from './output.ts';
import { outputOptions, portOption } from './option.ts';
import { Printer, type View } from './printer.ts';
import { untilStopped } from './until-stopped.ts';

const endpointView: View<LabEndpoint> = {
  columns: [
    { title: 'endpoint', width: 24 },
    { title: 'address', width: 56 },
    { title: 'what it shows', width: 0 },
  ],
  json: ({ id, title, description, url }) =>
    JSON.stringify({ kind: 'endpoint', id, title, description, url }),
  cells: ({ id, url, description }) => [id, url, description],
};

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

const declaredOptions = { port: portOption, ...outputOptions };

export const command = defineCommand({
  summary:
    'Runs the lab until Ctrl-C. Prints its addresses, then each request, yield, write and end as it happens.',
  usages: [{ arguments: [] }],
  options: declaredOptions,
  run: lab,
});

async function lab(
  { options: { port }, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify }: Program,
): Promise<ExitStatus> {
  const stopped = untilStopped();
  const running = await startLab({ port });
  let wake = (): void => {};
  const recorder = new LabRecorder(
    running.log,
    () => true,
    () => wake(),
  );
  const log = new PrintedLog(recorder, output, asTable, notify);
  const ended = AbortSignal.any([stopped.signal, output.closed]);
  ended.addEventListener('abort', () => wake());
  try {
    const endpoints = new Printer(output, endpointView, asTable);
    for (const endpoint of running.endpoints) await endpoints.print(endpoint);
    await output.flush();
    notify(`The lab is running at ${running.origin}; press Ctrl-C to stop it`);
    while (!ended.aborted) {
      const news = new Promise<void>((resolve) => (wake = resolve));
      if (!(await log.print())) await news;
    }
  } finally {
    await running.close();
    recorder.close();
    stopped.release();
  }
  // The ends of the streams that were still open.
  while (await log.print());
  return ExitStatus.done;
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
