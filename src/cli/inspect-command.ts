import { Analysis } from '../core/analysis.ts';
import { assertNever } from '../core/assert-never.ts';
import type { CaptureRecord } from '../core/capture/record.ts';
import { splitRecords, type Split } from '../core/capture/split.ts';
import { derivationsOf } from '../core/export/derivations.ts';
import { messageRecord } from '../core/llm/message-record.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { printSummary, SummaryCounter } from './capture-summary.ts';
import { blockView, chunkView, eventView, findingView, jsonView } from './capture-views.ts';
import { inputCaptures, inputFormat, type InputCapture } from './capture-input.ts';
import { ExitStatus, usageFailure } from './command-failure.ts';
import type { Output } from './output.ts';
import { onlyArgument, oneOf, parseOptions, wholeNumber } from './parse-options.ts';
import { Printer } from './printer.ts';
import type { RunCommand } from './program.ts';

const aspects = ['summary', 'chunks', 'events', 'json', 'messages', 'findings'] as const;
type Aspect = (typeof aspects)[number];

/** How one capture of the input is shown. */
type Show = (capture: InputCapture, records: AsyncIterable<CaptureRecord>) => Promise<void>;

/** What was found wrong with the file: told at once, and part of the summary of the capture being read. */
interface Problems {
  counter: SummaryCounter | null;
}

/** `inspect FILE|-`: runs the pipeline over a file and shows one aspect of what it derives. */
export const inspect: RunCommand = async (args, { output, tell }) => {
  const { values, positionals } = parseOptions(args, {
    as: { type: 'string', default: 'summary' },
    all: { type: 'boolean', default: false },
    split: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const path = onlyArgument(positionals, 'a file (or "-" for standard input)');
  const aspect = oneOf(values.as, '--as', aspects);
  const format = inputFormat(values.format);
  const split = values.split === undefined ? null : parseSplit(values.split);
  if (values.all && aspect !== 'events') throw usageFailure('--all goes with --as events');
  const problems: Problems = { counter: null };
  const show = showing(aspect, values.all, output, output.isTerminal && !values.json, problems);
  const report = (message: string): void => {
    problems.counter?.problem('file', message);
    tell(message);
  };
  for await (const capture of inputCaptures({ path, format }, report)) {
    const records = capture.records();
    await show(capture, split === null ? records : splitRecords(records, split));
  }
  return ExitStatus.done;
};

function showing(aspect: Aspect, all: boolean, output: Output, asTable: boolean, problems: Problems): Show {
  switch (aspect) {
    case 'summary':
      return summaryShow(output, asTable, problems);
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

function summaryShow(output: Output, asTable: boolean, problems: Problems): Show {
  return async ({ header, index }, records) => {
    const counter = new SummaryCounter(header);
    problems.counter = counter;
    async function* counted(): AsyncGenerator<CaptureRecord> {
      for await (const record of records) {
        counter.record(record);
        yield record;
      }
    }
    for await (const item of derivationsOf(counted())) counter.derivation(item);
    const summary = counter.summary();
    if (asTable) await printSummary(output, summary);
    else await output.writeJson(JSON.stringify(index === 0 ? summary : { ...summary, capture: index }));
  };
}

function chunksShow(output: Output, asTable: boolean): Show {
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

function eventsShow(output: Output, asTable: boolean, all: boolean): Show {
  const printer = new Printer(output, all ? blockView : eventView, asTable);
  return async ({ index }, records) => {
    for await (const item of derivationsOf(records)) {
      if (item.kind !== 'block' || (item.block.kind !== 'event' && !all)) continue;
      await printer.print({ item: item.block, capture: index });
    }
  };
}

function jsonShow(output: Output, asTable: boolean): Show {
  const printer = new Printer(output, jsonView, asTable);
  return async ({ index }, records) => {
    for await (const item of derivationsOf(records)) {
      if (item.kind === 'document') await printer.print({ item: item.document, capture: index });
    }
  };
}

function findingsShow(output: Output, asTable: boolean): Show {
  const printer = new Printer(output, findingView, asTable);
  return async (capture, records) => {
    const { findings } = await analysisOf(capture, records);
    for (const finding of findings) await printer.print({ item: finding, capture: capture.index });
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

function messagesShow(output: Output, asTable: boolean): Show {
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
        // A message reads better with its line breaks.
        const lines = text.split('\n').map(visibleText);
        await output.write(`${label.padEnd(14)}${lines.join(`\n${' '.repeat(14)}`)}\n`);
      }
      await output.write('\n');
    }
  };
}

/** `N`, or `random:SEED`. */
function parseSplit(text: string): Split {
  const seed = /^random:(\d+)$/.exec(text)?.[1];
  if (seed !== undefined)
    return { kind: 'random', seed: wholeNumber(seed, '--split random:', 0, 2 ** 32 - 1) };
  if (!/^\d+$/.test(text)) {
    throw usageFailure(`--split takes a number of bytes or random:SEED with a number as seed, not "${text}"`);
  }
  return { kind: 'fixed', size: wholeNumber(text, '--split', 1, 2 ** 26) };
}
