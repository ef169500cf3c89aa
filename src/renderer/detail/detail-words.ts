import type { CaptureTime } from '../../core/capture-time.ts';
import type { ItemDetail } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { PayloadState } from '../../core/json/payload.ts';
import type { BlockKind, IgnoredReason } from '../../core/sse/block.ts';

/** The title of an item: `Event 42`, `Chunk 7`, `JSON 3`, `Comment block 9`. */
export function itemTitle(item: Pick<ItemDetail, 'lane' | 'row' | 'block'>): string {
  switch (item.lane) {
    case 'chunks':
      return `Chunk ${item.row}`;
    case 'documents':
      return `JSON ${item.row}`;
    case 'blocks': {
      if (item.block === null) return `Block ${item.row}`;
      return item.block.seq === null
        ? `${blockName(item.block.kind)} ${item.row}`
        : `Event ${item.block.seq}`;
    }
    default:
      return assertNever(item.lane);
  }
}

/** The title of a block of some kind, without its number. */
function blockName(kind: BlockKind): string {
  switch (kind) {
    case 'event':
      return 'Event';
    case 'comment':
      return 'Comment block';
    case 'no-data':
      return 'Block without data';
    case 'discarded':
      return 'Discarded block';
    case 'blank':
      return 'Blank lines';
    default:
      return assertNever(kind);
  }
}

/** Why a block dispatched no event, in a sentence; null if it did. */
export function whyNothing(kind: BlockKind): string | null {
  switch (kind) {
    case 'event':
      return null;
    case 'comment':
      return 'Comments only: nothing is dispatched.';
    case 'no-data':
      return 'No data field, so nothing is dispatched. An id or retry in it still takes effect.';
    case 'discarded':
      return 'The stream ended before a blank line ended this block, so it is discarded. Some clients dispatch it anyway.';
    case 'blank':
      return 'Blank lines with nothing between them.';
    default:
      return assertNever(kind);
  }
}

/** Why a field had no effect, in words. */
export function ignoredWords(reason: IgnoredReason): string {
  switch (reason) {
    case 'unknown-field':
      return 'ignored: not a field of the standard';
    case 'id-contains-null':
      return 'ignored: an id must not contain NUL';
    case 'retry-invalid':
      return 'ignored: retry must be ASCII digits only';
    case 'discarded':
      return 'no effect: the block was discarded';
    default:
      return assertNever(reason);
  }
}

/** What a payload is that is not JSON; null for JSON, which shows its tree and problem instead. */
export function plainPayloadWords(state: PayloadState): string | null {
  switch (state) {
    case 'complete':
    case 'partial':
    case 'malformed':
      return null;
    case 'sentinel':
      return 'sentinel: marks the end, not JSON';
    case 'text':
      return 'text, not JSON';
    case 'empty':
      return 'empty';
    default:
      return assertNever(state);
  }
}

/** The text of a link to rows of another lane: `chunk 28`, `chunks 23–24`. */
export function rowsWords(lane: Lane, [first, last]: RowSpan): string {
  const name = lane === 'chunks' ? 'chunk' : lane === 'blocks' ? 'block' : 'JSON';
  if (first === last) return `${name} ${first}`;
  return `${lane === 'documents' ? name : `${name}s`} ${first}–${last}`;
}

/** When something arrived, to the millisecond: `1.634 s`. */
export function arrivedWords(at: CaptureTime): string {
  return at === null ? 'not recorded' : `${(at / 1000).toFixed(3)} s`;
}

/** How long after the previous row something arrived: `+38 ms`, `+1.13 s`, `with the previous row`. */
export function gapWords(gap: number): string {
  if (gap === 0) return 'with the previous row';
  if (gap < 999.5) return `+${gap < 9.95 ? Number(gap.toFixed(1)) : Math.round(gap)} ms`;
  return `+${(gap / 1000).toFixed(2)} s`;
}
