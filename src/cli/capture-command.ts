import { redactHeader, redactRecord } from '../core/capture/redact.ts';
import type { CaptureRecord, EndRecord } from '../core/capture/record.ts';
import { suggestedFileName } from '../core/export/formats.ts';
import type { Block } from '../core/sse/block.ts';
import { planStream, requestOptions } from './capture-request.ts';
import { printSummary, SummaryCounter, type SummaryRecord } from './capture-summary.ts';
import { blockView, eventView, type CaptureItem } from './capture-views.ts';
import { CaptureWriter } from './capture-writer.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus } from './command-failure.ts';
import { ErrorBody } from './error-body.ts';
import { OutputClosed } from './output.ts';
import { flag, outputOptions, optional, text } from './option.ts';
import { Printer } from './printer.ts';
import { untilStopped } from './until-stopped.ts';

/** Queued events from which on the stream is paused. */
const MAX_QUEUED = 1000;

const declaredOptions = {
  ...requestOptions,
  output: optional({
    short: 'o',
    placeholder: 'FILE',
    type: text,
    help: 'capture file to write; by default named after host and time, in the current folder',
  }),
  all: flag({ help: 'show every block, including those that dispatch no event' }),
  'with-secrets': flag({ help: 'do not redact Authorization, Cookie and API keys' }),
  ...outputOptions,
};

export const command = defineCommand({
  summary: 'Opens the URL, shows events as they arrive and writes a capture (.ssecap.ndjson).',
  usages: [{ arguments: ['URL'] }],
  options: declaredOptions,
  run: capture,
});

async function capture(
  { arguments: [url = ''], options, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify }: Program,
): Promise<ExitStatus> {
  const { client, request, header: sentHeader, maxTime } = await planStream(url, options);
  const withSecrets = options['with-secrets'];
  const header = withSecrets ? sentHeader : redactHeader(sentHeader);
  const path = options.output ?? suggestedFileName(header, 'ssecap');
  const stopped = untilStopped();
  const writer = await CaptureWriter.begin(path, options.output !== undefined, header);

  const printer = new Printer<CaptureItem<Block>>(output, options.all ? blockView() : eventView(), asTable);
  const printing = new PrintQueue(printer, writer);
  const counter = new SummaryCounter(header, (block) => {
    // Shown at once, although a line feed in the next chunk may still extend the event.
    if (block.kind === 'event' || options.all) printing.add({ item: block, capture: 0 });
  });
  const errorBody = new ErrorBody();
  const sink = (received: CaptureRecord): Promise<void> | void => {
    const record = withSecrets ? received : redactRecord(received);
    errorBody.push(record);
    const written = writer.write(record);
    counter.push(record);
    if (record.kind === 'response') notify(`Response ${record.status} after ${record.at?.toFixed(1)} ms`);
    const pressure = [written, printing.pressure()].filter((wait) => wait instanceof Promise);
    if (pressure.length > 0) return Promise.all(pressure).then(() => undefined);
  };

  const timeUp = new AbortController();
  const timer = maxTime === null ? null : setTimeout(() => timeUp.abort(), maxTime);
  const stop = new AbortController();
  for (const reason of [stopped.signal, timeUp.signal, output.closed, writer.failed, printing.failed]) {
    reason.addEventListener('abort', () => stop.abort(), { once: true });
    if (reason.aborted) stop.abort();
  }
  const end = await client.open(request, sink, stop.signal);
  if (timer !== null) clearTimeout(timer);
  await printing.done();
  const summary = counter.summary();
  const leaveOut = options.output === undefined && end.reason === 'error' && summary.status === null;
  await (leaveOut ? writer.discard() : writer.close());
  stopped.release();
  if (asTable && !output.closed.aborted) {
    await output.write('\n');
    await printSummary(output, summary);
  }
  for (const { code, message } of summary.warnings) if (code !== 'not-event-stream') notify(message);
  if (writer.failure !== null) {
    notify(`${writer.failure.message}; the records written so far are kept`);
    return ExitStatus.unreadable;
  }
  const problem = timeUp.signal.aborted || stopped.signal.aborted ? null : problemOf(end, summary);
  if (problem !== null) notify(problem);
  const body = errorBody.text();
  if (body !== null) notify(`Body of the error: ${body}`);
  if (!leaveOut) notify(`${countOf(summary)}, ${end.reason}; saved to ${writer.path}`);
  return problem === null || output.closed.aborted ? ExitStatus.done : ExitStatus.unreadable;
}

/** Why the response was not a whole event stream; null if it was. */
function problemOf(end: EndRecord, summary: SummaryRecord): string | null {
  if (end.reason !== 'complete' && end.reason !== 'aborted') {
    return end.error === undefined ? `The stream ended with ${end.reason}` : end.error.message;
  }
  const { status } = summary;
  if (status === 204) return 'The response is 204 (no content): the client must not reconnect';
  if (status !== null && (status < 200 || status > 299)) {
    return `The server answered ${status}${summary.contentType === null ? '' : ` with ${summary.contentType}`}`;
  }
  const isEventStream = summary.warnings.every(({ code }) => code !== 'not-event-stream');
  return isEventStream
    ? null
    : `The response is not an event stream: its content type is ${summary.contentType ?? 'missing'}`;
}

function countOf({ events, bytes, duration }: SummaryRecord): string {
  const time = duration === null ? '' : ` in ${(duration / 1000).toFixed(2)} s`;
  return `${events} ${events === 1 ? 'event' : 'events'}, ${bytes} bytes${time}`;
}

/** Prints events in order, each after it was written to the capture file, and limits how far printing lags behind. */
class PrintQueue {
  readonly #printer: Printer<CaptureItem<Block>>;
  readonly #writer: CaptureWriter;
  readonly #failed = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(printer: Printer<CaptureItem<Block>>, writer: CaptureWriter) {
    this.#printer = printer;
    this.#writer = writer;
  }

  /** Aborted when standard output is closed, or by a bug. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  add(item: CaptureItem<Block>): void {
    this.#queued++;
    const written = this.#writer.written();
    this.#tail = this.#tail
      .then(() => written)
      .then(() => (this.#failed.signal.aborted ? undefined : this.#printer.print(item)))
      .catch((error: unknown) => this.#failed.abort(error))
      .finally(() => this.#queued--);
  }

  /** A promise if the stream should wait. */
  pressure(): Promise<void> | null {
    return this.#queued > MAX_QUEUED ? this.#tail : null;
  }

  /** Resolves when everything is printed. Throws what printing threw, unless standard output was closed. */
  async done(): Promise<void> {
    await this.#tail;
    const { signal } = this.#failed;
    if (signal.aborted && !(signal.reason instanceof OutputClosed)) signal.throwIfAborted();
  }
}
