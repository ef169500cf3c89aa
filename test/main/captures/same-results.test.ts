import { describe, expect, test } from 'vitest';
import { SummaryCounter } from '../../../src/cli/capture-summary.ts';
import type { CaptureSummary } from '../../../src/contract/capture-summary.ts';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import type { Diagnosis } from '../../../src/core/findings/diagnosis.ts';
import type { StreamMetrics } from '../../../src/core/metrics/stream-metrics.ts';
import type { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { CaptureBuilder, chatEnd, delta, deltas, event } from '../../fixtures/capture-builder.ts';
import { caseCapture, diagnosisCases } from '../../fixtures/diagnosis-cases.ts';
import { openLibrary, temporaryFolder } from './capture-fixture.ts';
import { header } from './capture-records.ts';

interface Results {
  readonly diagnosis: Diagnosis;
  readonly metrics: StreamMetrics;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly end: CaptureSummary['end'];
  readonly framing: CaptureSummary['framing'];
}

type Capture = readonly [name: string, header: CaptureHeader, records: readonly CaptureRecord[]];

const streams: readonly (readonly [name: string, build: (capture: CaptureBuilder) => CaptureBuilder])[] = [
  ['no record at all', (capture) => capture],
  ['an end alone', (capture) => capture.end('error', 3, 'refused')],
  ['no end record', (capture) => capture.response().chunks(deltas(3), 10, 20)],
  [
    'no end record after a whole message',
    (capture) => capture.response().chunks([...deltas(3), chatEnd], 10, 20),
  ],
  [
    'no times',
    (capture) => capture.response().chunk(delta('a'), null).chunk(chatEnd, null).end('complete', null),
  ],
  [
    'times that go back',
    (capture) => capture.response().chunk(delta('a'), 90).chunk(chatEnd, 20).end('complete', 30),
  ],
  ['no response', (capture) => capture.chunk(`${delta('a')}${chatEnd}`).end()],
  ['no Content-Type', (capture) => capture.response([]).chunk(event('x')).end()],
  [
    'a page',
    (capture) =>
      capture
        .response([['Content-Type', 'text/html']])
        .chunk('<p>')
        .end(),
  ],
  [
    'a page with an error status',
    (capture) =>
      capture
        .response([['Content-Type', 'text/html']], { status: 502 })
        .chunk('<p>')
        .end(),
  ],
  [
    'JSON lines',
    (capture) =>
      capture
        .response([['Content-Type', 'application/x-ndjson']])
        .chunk('{"a":1}\n{"a"')
        .end('premature-close'),
  ],
  [
    'JSON lines without their type',
    (capture) =>
      capture
        .response([['Content-Type', 'text/plain']])
        .chunk('{"a":1}\n{"a":2}\n')
        .end(),
  ],
  [
    'ill-formed UTF-8',
    (capture) =>
      capture
        .response()
        .chunk(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a))
        .end(),
  ],
  [
    'ill-formed UTF-8 in a block that is discarded',
    (capture) =>
      capture
        .response()
        .chunk(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff))
        .end(),
  ],
  [
    'a dialect after 100 other documents',
    (capture) =>
      capture
        .response()
        .chunks([...Array.from({ length: 100 }, (_, n) => event(`{"n":${n}}`)), ...deltas(3)], 10, 5)
        .end(),
  ],
  ['an error alone', (capture) => capture.response().chunk(event('{"error":{"message":"no"}}')).end()],
  [
    'an error of a dialect that the URL suggests',
    (capture) =>
      capture
        .response()
        .chunk('event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n')
        .end(),
  ],
  [
    'an event of type error whose JSON never ends',
    (capture) => capture.response().chunk('event: error\ndata: {"error":\n\nevent: ping\ndata: x\n\n').end(),
  ],
  [
    'a JSON text over two events of other types',
    (capture) =>
      capture.response().chunk('event: a\ndata: {"error":\n\nevent: error\ndata: "no"}\n\n: c\n\n').end(),
  ],
  [
    'a reconnection',
    (capture) =>
      capture
        .response()
        .chunk(`id: 1\n${event('a')}`)
        .note('reconnect', { attempt: 1, delay: 50, reason: 'complete' }, 80)
        .response()
        .chunk(`id: 1\n${event('a')}`, 200)
        .end('aborted'),
  ],
  ['a stall', (capture) => capture.response().chunks(deltas(40), 10, 20).chunk(chatEnd, 9000).end()],
  [
    'two responses in one stream',
    (capture) =>
      capture
        .response()
        .chunk(`${delta('a')}${chatEnd}${delta('b').replace('c1', 'c2')}`)
        .end(),
  ],
];

const captures: readonly Capture[] = [
  ...streams.map(([name, build]): Capture => {
    const url = name.includes('URL') ? 'https://api.anthropic.com/v1/messages' : 'http://x/events';
    return [name, { ...header, request: { ...header.request, url } }, build(new CaptureBuilder()).records];
  }),
  ...diagnosisCases().map((one): Capture => {
    const { header, records } = caseCapture(one);
    return [one.name, header, records];
  }),
];

describe('live recording, loading and the command line give the same', () => {
  test.each(captures)('findings, metrics, warnings and end for: %s', async (_name, header, records) => {
    const folder = await temporaryFolder();
    const library = await openLibrary(folder);
    const live = await library.create(header, { origin: 'connection', keepSecrets: true });
    for (const record of records) await live.sink(record);
    await live.close();
    const recorded = await shown(library, live.id);
    await library.close();
    const again = await openLibrary(folder);
    await again.load(live.id);
    await again.whole(live.id);
    const loaded = await shown(again, live.id);
    const analysis = new Analysis(header.request);
    for (const record of records) analysis.push(record);
    analysis.finish();

    expect(loaded).toEqual(recorded);
    const { diagnosis, metrics, warnings } = analysis;
    expect({ ...recorded, end: null, framing: null }).toEqual({
      diagnosis,
      metrics,
      warnings,
      end: null,
      framing: null,
    });
    expect(recorded.end?.reason).toBe(analysis.diagnosed.facts.end?.reason);
    expect(recorded.end?.at).toBe(analysis.diagnosed.facts.end?.at);

    const counter = new SummaryCounter(header);
    for (const record of records) counter.push(record);
    const summary = counter.summary();
    expect(summary.warnings.filter(({ code }) => code !== 'no-end')).toEqual(warnings);
    expect(summary).toMatchObject({
      framing: recorded.framing,
      gaps: metrics.gaps,
      stalls: metrics.stallCount,
      dialect: metrics.dialect,
      tokens: metrics.tokens,
    });
  });
});

/** What the window shows of a capture; the warnings are those about its content. */
async function shown(library: CaptureLibrary, id: Parameters<CaptureLibrary['ask']>[0]): Promise<Results> {
  return library.ask(id, async (session) => {
    const { warnings, end, framing } = session.summary();
    return {
      diagnosis: await session.reader.diagnosis(),
      metrics: session.reader.metrics(),
      warnings: warnings.filter(({ code }) => code !== 'recording-stopped'),
      end,
      framing,
    };
  });
}
