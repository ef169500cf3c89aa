import type { Field } from '../../core/sse/block.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import { ignoredWords } from './detail-words.ts';
import { VirtualRows } from '../rows/virtual-rows.tsx';
import { visibleText } from '../../core/text/visible-text.ts';

interface FieldLinesProps {
  readonly fields: readonly Field[];
  readonly onPoint: (range: ByteRange | null) => void;
  readonly onPick: (range: ByteRange) => void;
}

const ROW = 19;
const SHOWN = 160;

/** The lines of a block as they were sent, with the reason if one had no effect. */
export function FieldLines({ fields, onPoint, onPick }: FieldLinesProps) {
  return (
    <VirtualRows
      className="field-lines"
      role="list"
      aria-label="Lines of the block"
      count={fields.length}
      rowHeight={ROW}
      atMost={8}
      reveal={null}
      onPointerLeave={() => onPoint(null)}
    >
      {(index) => {
        const field = fields[index];
        if (field === undefined) return null;
        const why = field.ignored === null ? null : ignoredWords(field.ignored);
        return (
          <div
            key={index}
            role="listitem"
            className={`field-line${why === null ? '' : ' ignored'}`}
            title={why ?? undefined}
            onPointerEnter={() => onPoint(field.range)}
            onClick={() => onPick(field.range)}
          >
            <span className="field-name wire">
              {field.comment ? ':' : visibleText(field.name.slice(0, 60))}
            </span>
            <span className="field-value wire">{visibleText(field.value.slice(0, SHOWN))}</span>
            {why === null ? null : <span className="field-why">{why}</span>}
          </div>
        );
      }}
    </VirtualRows>
  );
}

/** Whether the lines add to the facts above them, as a single `data` line does not. */
export function worthListing(fields: readonly Field[]): boolean {
  return fields.length > 1 || fields.some((field) => field.ignored !== null);
}
