import { decodeUtf8, decodeExactly } from '../core/text/utf8.ts';
import { encodeBase64 } from '../core/capture/base64.ts';
import type { ChunkRecord } from '../core/capture/record.ts';
import { blockRecord, eventRecord, jsonRecordText } from '../core/export/records.ts';
import { type ChangePreview, PreviewSequence } from '../core/json/preview.ts';
import type { JsonDocument } from '../core/json/documents.ts';
import type { Block } from '../core/sse/block.ts';
import { formatNumber, type View } from './printer.ts';
import { type Line, styled } from './styled-text.ts';

/** An item, and which capture of the file it belongs to. */
export interface CaptureItem<T> {
  readonly item: T;
  /** Index of the capture in the file. */
  readonly capture: number;
}

/** A chunk and its position. */
export interface PlacedChunk {
  readonly chunk: ChunkRecord;
  /** Index of the chunk, and the offset of its first byte in the body. */
  readonly seq: number;
  readonly start: number;
}

/** Adds the index of the capture, except to the records of a file's first one. */
export function withCapture(json: string, capture: number): string {
  return capture === 0 ? json : `${json.slice(0, -1)},"capture":${capture}}`;
}

/** What a payload changes, as in the window: the value, then its path. */
function previewLine({ path, text }: ChangePreview): Line {
  return path === null ? text : [text, styled('dim', `  ${path}`)];
}

/** Dispatched events, as `--as events` shows them. */
export const eventView = (previews = new PreviewSequence()): View<CaptureItem<Block>> => ({
  columns: [
    { title: 'seq', width: 7, right: true },
    { title: 'at (ms)', width: 11, right: true },
    { title: 'bytes', width: 8, right: true },
    { title: 'type', width: 20 },
    { title: 'id', width: 8 },
    { title: 'data', width: 0 },
  ],
  json: ({ item, capture }) => withCapture(JSON.stringify(eventRecord(item)), capture),
  cells: ({ item: { seq, at, range, type, lastEventId, data }, capture }) => [
    String(seq),
    formatNumber(at),
    String(range.end - range.start),
    type,
    lastEventId,
    previewLine(previews.next(`${capture} ${type}`, data)),
  ],
});

/** Every block, as `--as events --all` shows them. */
export const blockView = (previews = new PreviewSequence()): View<CaptureItem<Block>> => ({
  columns: [
    { title: 'seq', width: 7, right: true },
    { title: 'kind', width: 9 },
    { title: 'at (ms)', width: 11, right: true },
    { title: 'bytes', width: 8, right: true },
    { title: 'type', width: 20 },
    { title: 'data, comment or reason', width: 0 },
  ],
  json: ({ item, capture }) => withCapture(JSON.stringify(blockRecord(item)), capture),
  cells: ({ item, capture }) => [
    item.seq === null ? '' : String(item.seq),
    item.kind,
    formatNumber(item.at),
    String(item.range.end - item.range.start),
    item.kind === 'event' ? item.type : '',
    item.kind === 'event'
      ? previewLine(previews.next(`${capture} ${item.type}`, item.data))
      : item.data === ''
        ? (blockRecord(item).reason ?? '')
        : item.data,
  ],
});

/** Body chunks. */
export const chunkView: View<CaptureItem<PlacedChunk>> = {
  columns: [
    { title: 'seq', width: 7, right: true },
    { title: 'at (ms)', width: 11, right: true },
    { title: 'read', width: 6, right: true },
    { title: 'start', width: 10, right: true },
    { title: 'bytes', width: 8, right: true },
    { title: 'on wire', width: 8, right: true },
    { title: 'text', width: 0 },
  ],
  json({ item: { chunk, seq, start }, capture }) {
    const { at, read, wireBytes, bytes } = chunk;
    const text = decodeExactly(bytes);
    const body = text === null ? { base64: encodeBase64(bytes) } : { text };
    const record = { seq, at, read, range: [start, start + bytes.length], wireBytes, ...body };
    return withCapture(JSON.stringify(record), capture);
  },
  cells: ({ item: { chunk, seq, start } }) => [
    String(seq),
    formatNumber(chunk.at),
    String(chunk.read),
    String(start),
    String(chunk.bytes.length),
    String(chunk.wireBytes),
    decodeUtf8(chunk.bytes.subarray(0, 1000)),
  ],
};

/** Documents. */
export const jsonView: View<CaptureItem<JsonDocument>> = {
  columns: [
    { title: 'seq', width: 7, right: true },
    { title: 'state', width: 9 },
    { title: 'events', width: 13, right: true },
    { title: 'at (ms)', width: 11, right: true },
    { title: 'JSON', width: 0 },
  ],
  json: ({ item, capture }) => withCapture(jsonRecordText(item), capture),
  cells: ({ item: { index, state, events, at, text } }) => [
    String(index),
    state,
    events[0] === events[1] ? String(events[0]) : `${events[0]}–${events[1]}`,
    formatNumber(at),
    text,
  ],
};
