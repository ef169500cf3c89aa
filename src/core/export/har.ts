import { firstHeaderValue } from '../headers.ts';
import { Base64Encoder, encodeBase64 } from '../capture/base64.ts';
import type { CaptureSource } from '../capture/capture-source.ts';
import type { CaptureHeader, CaptureRecord } from '../capture/record.ts';
import { ssecapRecordObject } from '../capture/ssecap-writer.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Block } from '../sse/block.ts';
import { blocksOf } from './derivations.ts';
import { Cursor } from './cursor.ts';
import { harRequest, harResponse, harTimings } from './har-entry.ts';
import { placeRecords, surveyParts, type PartSurvey, type PlacedRecord } from './har-parts.ts';

/** The program in `log.creator`. */
export interface HarCreator {
  readonly name: string;
  readonly version: string;
}

/** One cursor per pass over the capture: an archive contains a body several times. */
interface Cursors {
  readonly texts: Cursor<PlacedRecord>;
  readonly messages: Cursor<Block>;
  readonly chunks: Cursor<PlacedRecord>;
  readonly others: Cursor<PlacedRecord>;
}

/**
 * A capture as an HTTP archive (HAR 1.2), piece by piece, with one entry per response (several after reconnections).
 * Apart from the members of the format, an entry has
 * - `_eventSourceMessages: [{time, eventName, eventId, data}]` as Chrome writes it: `time` in seconds since 1970,
 * `eventId` "" if none; events of unknown time get that of the request; absent for JSON lines;
 * - `_sseChunks: [{at, read, base64}]`: the body as it arrived, `at` in ms since the (first) request began;
 * - `_sseCapture`: everything else, so that opening the archive restores the capture.
 * The capture is read five times and never kept in memory.
 */
export async function* exportHar(source: CaptureSource, creator: HarCreator): AsyncGenerator<string> {
  const parts = await surveyParts(source.records());
  const cursors: Cursors = {
    texts: new Cursor(placeRecords(source.records())),
    messages: new Cursor(blocksOf(source.records())),
    chunks: new Cursor(placeRecords(source.records())),
    others: new Cursor(placeRecords(source.records())),
  };
  const log = { version: '1.2', creator: { name: creator.name, version: creator.version }, pages: [] };
  try {
    yield `{"log":${open(log)},"entries":[\n`;
    for (const [number, part] of parts.entries()) {
      if (number > 0) yield ',\n';
      yield* exportEntry(source.header, part, number, parts.length, cursors);
    }
    yield '\n]}}\n';
  } finally {
    await Promise.all(Object.values(cursors).map((cursor: Cursor<unknown>) => cursor.close()));
  }
}

async function* exportEntry(
  header: CaptureHeader,
  part: PartSurvey,
  number: number,
  count: number,
  cursors: Cursors,
): AsyncGenerator<string> {
  const inPart = (placed: PlacedRecord): boolean => placed.part === number;
  const beginsInPart = (block: Block): boolean => block.range.start < part.stop;
  const startedAt = Date.parse(header.startedAt);
  yield entryHead(header, part, number, startedAt);
  yield* bodyText(cursors.texts.takeWhile(inPart), part.isText);
  yield '"}}';
  const first = await cursors.messages.peek();
  if (first !== null && beginsInPart(first.value) && first.value.framing === 'ndjson') {
    await cursors.messages.skipWhile(beginsInPart);
  } else {
    yield ',\n"_eventSourceMessages":';
    yield* list(eventSourceMessages(cursors.messages.takeWhile(beginsInPart), startedAt));
  }
  yield ',\n"_sseChunks":';
  const wireBytes: number[] = [];
  yield* list(sseChunks(cursors.chunks.takeWhile(inPart), wireBytes));
  const { request, name } = header;
  const capture = {
    client: request.client,
    ...(name === undefined ? {} : { name }),
    part: number,
    parts: count,
  };
  yield `,\n"_sseCapture":${open({ ...capture, wireBytes })},"records":`;
  yield* list(otherRecords(cursors.others.takeWhile(inPart)));
  yield '}}';
}

/** An entry up to the text of its body. */
function entryHead(header: CaptureHeader, part: PartSurvey, number: number, startedAt: number): string {
  const { response, phases, lastAt } = part;
  // The first entry begins with the request. For the others, only the time of the response may be known.
  const startAt = number === 0 ? 0 : (response?.at ?? 0);
  const { time, timings } = harTimings(phases, response?.at ?? null, lastAt, startAt);
  const entry = {
    startedDateTime: isoTime(startedAt + startAt, startedAt),
    time,
    request: harRequest(header.request, response?.httpVersion || 'unknown'),
    cache: {},
    timings,
    _resourceType: header.request.client === 'eventsource' ? 'eventsource' : 'fetch',
  };
  const size = part.stop - part.start;
  const headers = response?.headers ?? [];
  const content = {
    size,
    // [spec] HAR 1.2: "Number of bytes saved. Leave out this field if the information is not available."
    ...(firstHeaderValue(headers, 'content-encoding') === null ? {} : { compression: size - part.wireBytes }),
    mimeType: firstHeaderValue(headers, 'content-type') ?? 'x-unknown',
    ...(part.isText ? {} : { encoding: 'base64' }),
  };
  const head = open({ ...harResponse(response), bodySize: part.wireBytes });
  return `${open(entry)},"response":${head},"content":${open(content)},"text":"`;
}

/** A time in ms since 1970 as ISO text; `otherwise` if it is out of range, as in a damaged file. */
function isoTime(time: number, otherwise: number): string {
  const date = new Date(time);
  return (Number.isNaN(date.getTime()) ? new Date(otherwise) : date).toISOString();
}

/** An object without its closing brace, so that members can follow. */
function open(value: JsonObject): string {
  return JSON.stringify(value).slice(0, -1);
}

async function* list(items: AsyncIterable<JsonObject>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : ']';
}

/** The content of the JSON string `content.text`. */
async function* bodyText(records: AsyncIterable<PlacedRecord>, isText: boolean): AsyncGenerator<string> {
  const encoder = new Base64Encoder();
  // Emits complete characters only, so each piece is valid in JSON.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const { record } of records) {
    if (record.kind !== 'chunk') continue;
    if (isText) yield JSON.stringify(decoder.decode(record.bytes, { stream: true })).slice(1, -1);
    else yield encoder.push(record.bytes);
  }
  yield encoder.end();
}

async function* eventSourceMessages(
  blocks: AsyncIterable<Block>,
  startedAt: number,
): AsyncGenerator<JsonObject> {
  for await (const { framing, kind, at, type, lastEventId, data } of blocks) {
    if (framing !== 'event-stream' || kind !== 'event') continue;
    yield { time: (startedAt + (at ?? 0)) / 1000, eventName: type, eventId: lastEventId, data };
  }
}

async function* sseChunks(
  records: AsyncIterable<PlacedRecord>,
  wireBytes: number[],
): AsyncGenerator<JsonObject> {
  for await (const { record } of records) {
    if (record.kind !== 'chunk') continue;
    wireBytes.push(record.wireBytes);
    yield { at: record.at, read: record.read, base64: encodeBase64(record.bytes) };
  }
}

/** All records except chunks, with their index among the records of the entry. */
async function* otherRecords(records: AsyncIterable<PlacedRecord>): AsyncGenerator<JsonObject> {
  for await (const { index, record } of records) {
    if (record.kind !== 'chunk') yield { index, record: otherRecord(record) };
  }
}

function otherRecord(record: Exclude<CaptureRecord, { kind: 'chunk' }>): JsonObject {
  if (record.kind !== 'response') return ssecapRecordObject(record);
  // Status line and header fields are only in their standard place: a redaction there is complete.
  const { kind, at, url } = record;
  return { kind, at, ...(url === undefined ? {} : { url }) };
}
