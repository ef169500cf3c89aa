import { memo, type MouseEvent } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessagePlace } from '../../contract/message-view.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { useSelection } from '../state/selection.ts';
import { visibleInPlace } from '../../core/text/visible-text.ts';
import { textBlocks, type TextBlock } from './text-blocks.ts';

interface PlainTextProps {
  readonly capture: CaptureId;
  readonly text: string;
  readonly place: { readonly message: number; readonly part: number };
  /** The piece to highlight. */
  readonly highlight: MessagePlace | null;
}

/**
 * A text in blocks: while it grows only the last block is drawn again. Clicking a word selects the event that it came from.
 */
export function PlainText({ capture, text, place, highlight }: PlainTextProps) {
  const find = async (event: MouseEvent<HTMLElement>): Promise<void> => {
    // The user is selecting text to copy it.
    if (getSelection()?.isCollapsed === false) return;
    const position = positionOf(event);
    if (position === null) return;
    const source = await callHost('capture.messageSource', { capture, ...place, position });
    if (source !== null) useSelection.getState().select('blocks', source.row, { keepTab: true });
  };
  return (
    <pre
      className="plain-text"
      title="Click a word to see its event"
      onClick={(event) => void find(event).catch(notifyProblem)}
    >
      {textBlocks(text, highlight).map((block) => (
        <Block key={block.from} {...block} />
      ))}
    </pre>
  );
}

const Block = memo(function Block({ from, text, highlighted }: TextBlock) {
  return (
    <span className={highlighted ? 'lit' : undefined} data-from={from}>
      {visibleInPlace(text)}
    </span>
  );
});

/** Position in the whole text of the character under the pointer; null for none. */
function positionOf(event: MouseEvent<HTMLElement>): number | null {
  const range = document.caretRangeFromPoint(event.clientX, event.clientY);
  if (range === null || !event.currentTarget.contains(range.startContainer)) return null;
  const block = range.startContainer.parentElement?.closest<HTMLElement>('[data-from]');
  const from = Number(block?.dataset['from']);
  return Number.isSafeInteger(from) ? from + range.startOffset : null;
}
