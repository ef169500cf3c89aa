import { Analysis } from '../core/analysis/analysis.ts';
import { assertNever } from '../core/assert-never.ts';
import type { CaptureRecord } from '../core/capture/record.ts';
import { splitRecords, type Split } from '../core/capture/split-records.ts';
import { derivationsOf } from '../core/export/derivations.ts';
import { messageRecord } from '../core/llm/message-record.ts';
import { printSummary, SummaryCounter } from './capture-summary.ts';
import { blockView, chunkView, eventView, jsonView, withCapture } from './capture-views.ts';
import { formatOption, inputCaptures, type InputCapture } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, usageFailure } from './command-failure.ts';
import { printFinding } from './finding-text.ts';
import type { Output } from './output.ts';
import { flag, outputOptions, oneOf, onlyWith, optional, wholeNumber, withDefault } from './option.ts';
import { styled } from './styled-text.ts';
import { Printer } from './printer.ts';

const aspects = ['summary', 'chunks', 'events', 'json', 'messages', 'findings'] as const;
type Aspect = (typeof aspects)[number];

/** Prints one capture of the input. */
type ShowCapture = (capture: InputCapture, records: AsyncIterable<CaptureRecord>) => Promise<void>;

/** The summary of the capture that is being read: it includes the problems of the file. */
interface CurrentSummary {
  counter: SummaryCounter | null;
}

const declaredOptions = {
  as: withDefault({ placeholder: 'ASPECT', type: oneOf(aspects), fallback: 'summary', help: 'what to show' }),
  all: flag({
    refusal: onlyWith('as', 'events'),
    help: 'with --as events: every block, and why it dispatched no event',
  }),
  split: optional({
    placeholder: 'HOW',
    type: { parse: parseSplit },
    help: 'cut the body into pieces of N bytes (N) or of random sizes (random:SEED)',
  }),
  format: formatOption,
  ...outputOptions,
};

export const command = defineCommand({
  summary:
    'Runs the pipeline over a .ssecap.ndjson, a .har, raw event-stream bytes or JSON lines; - reads standard input.',
  usages: [{ arguments: ['FILE|-'] }],
  options: declaredOptions,
  run: inspect,
});

async function inspect(
  { arguments: [path = ''], options, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify }: Program,
): Promise<ExitStatus> {
  const { as: aspect, all, split, format } = options;
  const current: CurrentSummary = { counter: null };
  const show = showing(aspect, all, output, asTable, current);
  const report = (message: string): void => {
    current.counter?.problem('file', message);
    notify(message);
  };
  for await (const capture of inputCaptures({ path, format }, report)) {
    const records = capture.records();
    await show(capture, split === undefined ? records : splitRecords(records, split));
  }
  return ExitStatus.done;
}

function showing(
  aspect: Aspect,
  all: boolean,
  output: Output,
  asTable: boolean,
  current: CurrentSummary,
): ShowCapture {
  switch (aspect) {
    case 'summary':
      return summaryShow(output, asTable, current);
    case 'chunks':
      return chunksShow(output, asTable);
    case 'events':
      return eventsShow(output, asTable, all);
    case 'json':
      return jsonShow(output, asTable);
    case 'messages':
      return messagesShow(output, asTable);
    case 'findings':
      return findingsShow(output, asTable);
    default:
      return assertNever(aspect);
  }
}

function summaryShow(output: Output, asTable: boolean, current: CurrentSummary): ShowCapture {
  return async ({ header, index }, records) => {
    const counter = new SummaryCounter(header);
    current.counter = counter;
    for await (const record of records) counter.push(record);
    const summary = counter.summary();
    if (asTable) await printSummary(output, summary);
    else await output.writeJson(JSON.stringify(index === 0 ? summary : { ...summary, capture: index }));
  };
}

function chunksShow(output: Output, asTable: boolean): ShowCapture {
  const printer = new Printer(output, chunkView, asTable);
  return async ({ index }, records) => {
    let seq = 0;
    let start = 0;
    for await (const record of records) {
      if (record.kind !== 'chunk') continue;
      await printer.print({ item: { chunk: record, seq: seq++, start }, capture: index });
      start += record.bytes.length;
    }
  };
}

function eventsShow(output: Output, asTable: boolean, all: boolean): ShowCapture {
  const printer = new Printer(output, all ? blockView() : eventView(), asTable);
  return async ({ index }, records) => {
    for await (const item of derivationsOf(records)) {
      if (item.kind !== 'block' || (item.block.kind !== 'event' && !all)) continue;
      await printer.print({ item: item.block, capture: index });
    }
  };
}

function jsonShow(output: Output, asTable: boolean): ShowCapture {
  const printer = new Printer(output, jsonView, asTable);
  return async ({ index }, records) => {
    for await (const item of derivationsOf(records)) {
      if (item.kind === 'document') await printer.print({ item: item.document, capture: index });
    }
  };
}

function findingsShow(output: Output, asTable: boolean): ShowCapture {
  return async (capture, records) => {
    const { findings } = await analysisOf(capture, records);
    for (const finding of findings) {
      if (asTable) await printFinding(output, finding);
      else await output.writeJson(withCapture(JSON.stringify(finding), capture.index));
    }
  };
}

async function analysisOf(
  { header }: InputCapture,
  records: AsyncIterable<CaptureRecord>,
): Promise<Analysis> {
  const analysis = new Analysis(header.request);
  for await (const record of records) analysis.push(record);
  analysis.finish();
  return analysis;
}

function messagesShow(output: Output, asTable: boolean): ShowCapture {
  return async (capture, records) => {
    const { index } = capture;
    const { messages } = await analysisOf(capture, records);
    for (const message of messages) {
      const record = messageRecord(message);
      if (!asTable) {
        await output.writeJson(JSON.stringify(index === 0 ? record : { ...record, capture: index }));
        continue;
      }
      for (const [label, value] of Object.entries(record)) {
        if (value === null || (Array.isArray(value) && value.length === 0)) continue;
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        // Keep the line breaks of a message.
        for (const [number, line] of text.split('\n').entries()) {
          const start = (number === 0 ? label : '').padEnd(14);
          await output.writeLine([styled('dim', start), line], 14);
        }
      }
      await output.writeLine('');
    }
  };
}

/** `N`, or `random:SEED`. */
function parseSplit(text: string): Split {
  const seed = /^random:(\d+)$/.exec(text)?.[1];
  if (seed !== undefined)
    return { kind: 'random', seed: wholeNumber(0, 2 ** 32 - 1).parse(seed, '--split random:') };
  if (!/^\d+$/.test(text)) {
    throw usageFailure(
      `--split takes a number of bytes or random:SEED, where SEED is a number, not "${text}"`,
    );
  }
  return { kind: 'fixed', size: wholeNumber(1, 2 ** 26).parse(text, '--split') };
}
