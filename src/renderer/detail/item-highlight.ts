import type { ItemDetail } from '../../contract/item.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import { fieldAt } from './byte-role.ts';
import { nodesAround, nodesAt, nodeSpan, type Step, type TextSpan } from '../json-tree/json-node-span.ts';
import type { TextMap } from './text-map.ts';

/** The same part of an item in three forms: bytes, characters of the text, and the path to a JSON value. */
export interface Highlight {
  readonly bytes: readonly ByteRange[];
  readonly text: TextSpan | null;
  readonly path: readonly Step[];
}

const noHighlight: Highlight = { bytes: [], text: null, path: [] };

/** What connects the bytes, the text and the JSON of an item. */
export interface ItemLinks {
  readonly detail: ItemDetail;
  readonly map: TextMap;
  readonly root: GrowingNode | null;
}

/** What to highlight if the pointer is on the bytes of `range`. Bytes between the pieces of a text are left out. */
export function highlightOf({ detail, map, root }: ItemLinks, range: ByteRange | null): Highlight {
  if (range === null) return noHighlight;
  const from = map.positionOf(range.start);
  const last = map.positionOf(range.end - 1);
  if (from === null || last === null || detail.text === null) return { bytes: [range], text: null, path: [] };
  const text = { from, to: last + ((detail.text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1) };
  const path = root === null ? [] : nodesAround(detail.text, root, text);
  const bytes = map.bytesOf(text.from, text.to);
  // A text that is mapped as a whole would highlight more than the range.
  return { bytes: bytes.length === 1 ? [range] : bytes, text, path };
}

/** Bytes to highlight if the pointer is on the byte at `position`: those of its JSON value, else of its field, else itself. */
export function bytesAround({ detail, map, root }: ItemLinks, position: number): ByteRange {
  const at = map.positionOf(position);
  if (root !== null && at !== null && detail.text !== null) {
    const step = nodesAt(detail.text, root, at).at(-1);
    if (step !== undefined) return bytesOfNode(map, detail.text, step.node, step.key !== null);
  }
  return fieldAt(detail.fields, position)?.range ?? { start: position, end: position + 1 };
}

/** Bytes of a JSON value from first to last, with its key if `named`. */
export function bytesOfNode(map: TextMap, text: string, node: GrowingNode, named: boolean): ByteRange {
  const { from, to } = nodeSpan(text, node, named);
  return hull(map.bytesOf(from, to));
}

/** The range from the start of the first to the end of the last. */
function hull(ranges: readonly ByteRange[]): ByteRange {
  return { start: ranges[0]?.start ?? 0, end: ranges.at(-1)?.end ?? 0 };
}
