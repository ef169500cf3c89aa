import { existsSync } from 'node:fs';
import { redactHeader, redactRecord } from '../core/capture/redact.ts';
import type { CaptureHeader, CaptureRecord, EndRecord } from '../core/capture/record.ts';
import { Analysis } from '../core/analysis/analysis.ts';
import { compareStreams } from '../core/compare/comparison.ts';
import { type Expectation, judgeExpectation, parseExpectation } from '../core/expect/expectation.ts';
import { type ProbeVerdict, withProbeVerdicts } from '../core/findings/probe-verdict.ts';
import { junitXml } from '../core/export/junit.ts';
import { type CaptureInput, formatOption, inputCaptures } from './capture-input.ts';
import { planStream, requestOptions } from './capture-request.ts';
import { CaptureWriter } from './capture-writer.ts';
import type { Probing } from './check-probes.ts';
import { type CheckedStream, CheckReport, junitSuite } from './check-report.ts';
import { type ComparedCapture, ComparedCaptureReader, readComparedCapture } from './compared-capture.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, displayPath, unreadable, usageFailure } from './command-failure.ts';
import { ErrorBody } from './error-body.ts';
import { writeOutputFile } from './output-file.ts';
import {
  flag,
  outputOptions,
  oneOf,
  optional,
  type OptionValues,
  refusing,
  repeatable,
  text,
  withDefault,
} from './option.ts';
import { untilStopped } from './until-stopped.ts';

/** Default of `--max-time`, in ms. */
const DEFAULT_WATCH_MS = 300_000;

/** What the user expects of a stream. */
interface Demands {
  readonly expectations: readonly Expectation[];
  /** The capture to compare with. */
  readonly against: ComparedCapture | null;
}

/** Options for a URL only. */
const urlOptions = refusing(
  {
    ...requestOptions,
    output: optional({
      short: 'o',
      placeholder: 'FILE',
      type: text,
      help: 'capture file to write; the captures of probes are written next to it',
    }),
  },
  ({ arguments: [target = ''] }) =>
    isUrl(target) ? null : `is for a URL, but ${displayPath(target)} is a file`,
);

const declaredOptions = {
  probe: flag({
    help: 'send up to 12 more requests to find causes that one capture cannot show: without compression, from a browser, with the eventsource package, a second time, two at once, for a longer answer, with Last-Event-ID. They can cost money',
  }),
  against: optional({
    placeholder: 'FILE',
    type: text,
    help: 'compare with another capture: where time was added, what was merged, changed or lost',
  }),
  expect: repeatable({
    placeholder: 'EXPR',
    type: { parse: readExpectation },
    help: 'expectation such as first-event<800ms, events>=5, gap.p95<2s, finish=stop, no:response-buffered (docs/expectations.md)',
  }),
  junit: optional({ placeholder: 'FILE', type: text, help: 'write the result as JUnit XML' }),
  'fail-on': withDefault({
    placeholder: 'SEVERITY',
    type: oneOf(['error', 'warning']),
    fallback: 'warning',
    help: 'lowest severity that fails the check',
  }),
  format: formatOption,
  ...outputOptions,
  ...urlOptions,
};

export const command = defineCommand({
  summary: `Diagnoses any stream: a line for each rung of the ladder, then the findings, worst first, with evidence, possible causes and how to tell them apart. Exit status 1 if the check fails.
A URL is read for 300 s at most, unless --max-time is given.`,
  usages: [{ arguments: ['URL|FILE'] }],
  options: declaredOptions,
  run: check,
});

async function check(
  { arguments: [target = ''], options, asTable }: CommandInput<typeof declaredOptions>,
  program: Program,
): Promise<ExitStatus> {
  const { format, junit, 'fail-on': failOn, expect: expectations } = options;
  const against =
    options.against === undefined
      ? null
      : await readComparedCapture({ path: options.against }, program.notify);
  const demands: Demands = { expectations, against };
  // Loaded only for --probe: it needs the HTTP client and a browser.
  const probing = options.probe ? (await import('./check-probes.ts')).probing(program, options.output) : null;
  const checked = isUrl(target)
    ? [await checkUrl(target, options, demands, probing, program)]
    : await checkFile({ path: target, format }, demands, probing, program);
  const report = new CheckReport(program.output, asTable, failOn);
  for (const stream of checked) await report.print(stream);
  if (junit !== undefined) {
    const xml = junitXml(checked.map((stream) => junitSuite(stream, failOn)));
    await writeOutputFile(junit, piecesOf(xml));
  }
  if (checked.some(({ diagnosed }) => diagnosed.facts.response === null && diagnosed.facts.bytes === 0))
    return ExitStatus.unreadable;
  return report.passed ? ExitStatus.done : ExitStatus.failed;
}

/** Whether the argument is a URL: it has a scheme, or looks like a host and no such file exists. */
function isUrl(text: string): boolean {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return true;
  if (text === '-' || existsSync(text)) return false;
  return (
    /^(localhost|\[[\da-f:.]+\]|[a-z\d-]+(\.[a-z\d-]+)+)(:\d+|\/|$)/i.test(text) && !looksLikeFile.test(text)
  );
}

/** Extensions of files that `check` reads. */
const looksLikeFile = /\.(ndjson|jsonl|json|har|sse|txt|log)$/i;

function readExpectation(line: string): Expectation {
  const parsed = parseExpectation(line);
  if (!parsed.ok) throw usageFailure(parsed.problem);
  return parsed.expectation;
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield text;
}

async function checkFile(
  input: CaptureInput,
  demands: Demands,
  probing: Probing | null,
  { notify }: Program,
): Promise<CheckedStream[]> {
  const checked: CheckedStream[] = [];
  for await (const capture of inputCaptures(input, (message) =>
    notify(`${displayPath(input.path)}: ${message}`),
  )) {
    const judge = new Judge(displayPath(input.path), capture.index, capture.header, demands);
    for await (const record of capture.records()) judge.push(record);
    const probes = probing === null ? [] : await probing.again(capture.header.request, judge.finish());
    checked.push(judge.end(probes));
  }
  if (checked.length === 0) throw unreadable(`${displayPath(input.path)} contains no capture`);
  return checked;
}

/** Opens the URL and checks the stream. With `--output` it keeps the capture. */
async function checkUrl(
  url: string,
  options: OptionValues<typeof urlOptions>,
  demands: Demands,
  probing: Probing | null,
  { output, notify }: Program,
): Promise<CheckedStream> {
  const { client, request, header: sent, maxTime } = await planStream(url, options);
  const header = redactHeader(sent);
  const writer =
    options.output === undefined ? null : await CaptureWriter.begin(options.output, true, header);
  const judge = new Judge(header.request.url, 0, header, demands);
  const stopped = untilStopped();
  const watch = new AbortController();
  const limit = maxTime ?? DEFAULT_WATCH_MS;
  let bytes = 0;
  let answered = false;
  const errorBody = new ErrorBody();
  const timer = setTimeout(() => {
    watch.abort();
    if (bytes === 0) return;
    notify(
      `Stopped after ${limit / 1000} s, while the stream was still running${maxTime === null ? ' (--max-time changes this limit)' : ''}`,
    );
  }, limit);
  const stop = AbortSignal.any([
    stopped.signal,
    watch.signal,
    output.closed,
    ...(writer === null ? [] : [writer.failed]),
  ]);
  try {
    await client.open(
      request,
      (received) => {
        if (received.kind === 'response') answered = true;
        else if (received.kind === 'chunk') bytes += received.bytes.length;
        const isNothing = received.kind === 'end' && watch.signal.aborted && bytes === 0;
        const record = redactRecord(isNothing ? timeoutEnd(received, answered, limit) : received);
        errorBody.push(record);
        const written = writer?.write(record);
        judge.push(record);
        return written;
      },
      stop,
    );
  } finally {
    clearTimeout(timer);
    // Ctrl-C stops the stream up to here. Probes handle it themselves.
    stopped.release();
  }
  await writer?.close();
  if (writer?.failure != null) throw writer.failure;
  if (writer !== null) notify(`Saved to ${displayPath(writer.path)}`);
  const body = errorBody.text();
  if (body !== null) notify(`Body of the error: ${body}`);
  const wasStopped = stopped.signal.aborted || output.closed.aborted;
  const probes = probing === null || wasStopped ? [] : await probing.send(request, judge.finish());
  return judge.end(probes);
}

/** The end of a response without a byte of a body when the time is up. */
function timeoutEnd({ at }: EndRecord, answered: boolean, limit: number): EndRecord {
  const message = `${answered ? 'Only header fields came, and no body,' : 'No response came'} within ${limit / 1000} s.`;
  return { kind: 'end', at, reason: 'timeout', error: { code: 'TIME_IS_UP', message } };
}

/** Judges one capture record by record, without keeping it. */
class Judge {
  readonly #title: string;
  readonly #capture: number;
  readonly #analysis: Analysis;
  readonly #demands: Demands;
  readonly #compared: ComparedCaptureReader | null;

  constructor(title: string, capture: number, header: CaptureHeader, demands: Demands) {
    this.#title = title;
    this.#capture = capture;
    this.#analysis = new Analysis(header.request);
    this.#demands = demands;
    this.#compared = demands.against === null ? null : new ComparedCaptureReader(title, header);
  }

  push(record: CaptureRecord): void {
    this.#analysis.push(record);
    this.#compared?.push(record);
  }

  /** There are no more records. */
  finish(): Analysis {
    this.#analysis.finish();
    return this.#analysis;
  }

  /** @param probes what further requests decided */
  end(probes: readonly ProbeVerdict[]): CheckedStream {
    const { diagnosed, diagnosis: alone, messages } = this.finish();
    const diagnosis = withProbeVerdicts(alone, probes);
    const { against, expectations } = this.#demands;
    const b = this.#compared?.end() ?? null;
    const comparison =
      against === null || b === null
        ? null
        : { a: against, b, found: compareStreams(against.outline, b.outline) };
    const stream = { ...diagnosed, diagnosis, messages, sameContent: comparison?.found.equal ?? null };
    return {
      title: this.#title,
      capture: this.#capture,
      diagnosed,
      diagnosis,
      probes,
      expectations: expectations.map((expectation) => judgeExpectation(expectation, stream)),
      comparison,
    };
  }
}
