import type { CaptureIndex } from './capture-index.ts';
import { jsonGroups } from './document-rows.ts';

/** Counts per slice of a span, and the first row of each lane in it. Arrays have one entry per slice. */
interface SpanDensity {
  readonly from: number;
  readonly to: number;
  readonly unit: 'ms' | 'bytes';
  readonly chunks: number[];
  readonly bytes: number[];
  readonly events: number[];
  readonly others: number[];
  readonly documents: {
    readonly ok: number[];
    readonly partial: number[];
    readonly malformed: number[];
    readonly other: number[];
  };
  readonly firstChunk: number[];
  readonly firstBlock: number[];
  readonly firstDocument: number[];
}

/** Counts up to an edge between two slices. */
interface Edge {
  readonly chunk: number;
  readonly byte: number;
  readonly block: number;
  readonly dispatched: number;
  readonly others: number;
  readonly json: number;
  readonly groups: readonly number[];
}

/**
 * Counts what arrived in each of `width` equal slices of [from, to), by searching for the edges of the slices: the cost
 * depends on the width, not on the capture. The last slice includes `to`, so a span up to the end of the capture has
 * its last chunk. Without times the span is in bytes.
 */
export function density(index: CaptureIndex, from: number, to: number, width: number): SpanDensity {
  const unit = index.timed ? 'ms' : 'bytes';
  const edges: Edge[] = [];
  for (let slice = 0; slice < width; slice += 1)
    edges.push(edgeAt(index, unit, from + ((to - from) * slice) / width));
  edges.push(unit === 'ms' ? edgeAfterTime(index, to) : edgeAt(index, unit, to + 1));
  const counts = (of: (edge: Edge) => number): number[] => differences(edges, of);
  const group = (name: (typeof jsonGroups)[number]): number[] => {
    const place = jsonGroups.indexOf(name);
    return counts((edge) => edge.groups[place] ?? 0);
  };
  const firsts = edges.slice(0, width);
  return {
    from,
    to,
    unit,
    chunks: counts((edge) => edge.chunk),
    bytes: counts((edge) => edge.byte),
    events: counts((edge) => edge.dispatched),
    others: counts((edge) => edge.others),
    documents: {
      ok: group('ok'),
      partial: group('partial'),
      malformed: group('malformed'),
      other: group('other'),
    },
    firstChunk: firsts.map((edge) => edge.chunk),
    firstBlock: firsts.map((edge) => edge.block),
    firstDocument: firsts.map((edge) => edge.json),
  };
}

function edgeAt(index: CaptureIndex, unit: 'ms' | 'bytes', position: number): Edge {
  if (unit === 'ms') return edgeAtChunk(index, index.chunkAtTime(position));
  const byte = Math.min(Math.max(Math.ceil(position), 0), index.bytes);
  return edgeAtByte(index, index.chunkBeginningFrom(byte), byte);
}

/** The edge after everything that arrived at `at`. */
function edgeAfterTime(index: CaptureIndex, at: number): Edge {
  return edgeAtChunk(index, index.chunkAfterTime(at));
}

function edgeAtChunk(index: CaptureIndex, chunk: number): Edge {
  return edgeAtByte(index, chunk, chunk >= index.chunks ? index.bytes : index.chunkRange(chunk).start);
}

function edgeAtByte(index: CaptureIndex, chunk: number, byte: number): Edge {
  const block = index.blockToldFrom(byte);
  const { dispatched, others } = index.countBefore(block);
  const json = index.documentEndingFrom(dispatched);
  return { chunk, byte, block, dispatched, others, json, groups: index.documentsBefore(json) };
}

function differences(edges: readonly Edge[], of: (edge: Edge) => number): number[] {
  const result: number[] = [];
  for (let at = 1; at < edges.length; at += 1) {
    const [before, after] = [edges[at - 1], edges[at]];
    if (before !== undefined && after !== undefined) result.push(of(after) - of(before));
  }
  return result;
}
