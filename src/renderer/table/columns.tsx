import type { ReactNode } from 'react';
import type {
  ChunkRow,
  BlockRow,
  DocumentRow,
  Lane,
  LaneRow,
  RowSpan,
  Preview,
} from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { PayloadState } from '../../core/json/payload.ts';
import type { BlockKind } from '../../core/sse/block.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { atText, gapText } from '../format/time.ts';
import { countText } from '../format/count.ts';

/** The header of a column. */
export interface Column {
  readonly title: string;
  /** The full description, as a tooltip. */
  readonly meaning: string;
  /** Aligned right. */
  readonly number?: boolean;
}

const place: readonly Column[] = [
  { title: '#', meaning: 'Number, from 0', number: true },
  { title: 'at, s', meaning: 'Seconds since the request began', number: true },
  { title: 'gap, ms', meaning: 'Milliseconds since the previous row', number: true },
];

export const columns: { readonly [L in Lane]: readonly Column[] } = {
  chunks: [
    ...place,
    {
      title: 'read',
      meaning: 'Socket read that delivered it: chunks of one read arrived together',
      number: true,
    },
    { title: 'bytes', meaning: 'Bytes of the body, after content decoding', number: true },
    { title: 'events', meaning: 'Blocks with bytes in this chunk', number: true },
    { title: 'data', meaning: 'Bytes as text' },
  ],
  blocks: [
    ...place,
    { title: 'type', meaning: 'Event type, or why the block dispatched no event' },
    { title: 'chunk', meaning: 'Chunks that hold its bytes', number: true },
    { title: 'JSON', meaning: 'The data, seen as JSON' },
    { title: 'data', meaning: 'What differs from the previous event: the path that changed, and its value' },
  ],
  documents: [
    ...place,
    { title: 'events', meaning: 'Events that it comes from', number: true },
    { title: 'JSON', meaning: 'State of the JSON text' },
    {
      title: 'value',
      meaning: 'What differs from the previous document: the path that changed, and its value',
    },
  ],
};

/** A row's cells, in the order of its lane's columns. `slow`: the gap before it is a stall. */
export function Cells({ row, slow }: { readonly row: LaneRow; readonly slow: boolean }) {
  return (
    <>
      <Cell number dim>
        {numberText(row)}
      </Cell>
      <Cell number>{atText(row.at)}</Cell>
      <Cell number kind={slow ? 'slow' : 'dim'}>
        {gapText(row.gap)}
      </Cell>
      <LaneCells row={row} />
      <PreviewCell preview={row.preview} />
    </>
  );
}

/** What differs from the previous row: the path that changed, and its value. */
export function PreviewCell({ preview: { path, text } }: { readonly preview: Preview }) {
  return (
    <span className="cell data wire" role="gridcell">
      {path !== null && (
        <span className="path">
          <bdi dir="ltr">{visibleText(path)}</bdi>
        </span>
      )}
      <span className="value">{text}</span>
    </span>
  );
}

/** Events have the number they were dispatched with; a block without event has none. */
function numberText(row: LaneRow): string {
  if (row.lane !== 'blocks') return String(row.row);
  return row.seq === null ? '·' : String(row.seq);
}

function LaneCells({ row }: { readonly row: LaneRow }) {
  switch (row.lane) {
    case 'chunks':
      return <ChunkCells row={row} />;
    case 'blocks':
      return <EventCells row={row} />;
    case 'documents':
      return <JsonCells row={row} />;
    default:
      return assertNever(row);
  }
}

function ChunkCells({ row }: { readonly row: ChunkRow }) {
  const bytes = row.range.end - row.range.start;
  return (
    <>
      <Cell number dim>
        {String(row.read)}
      </Cell>
      <Cell
        number
        title={row.wireBytes === bytes ? undefined : `${countText(row.wireBytes)} bytes on the wire`}
      >
        {countText(bytes)}
      </Cell>
      <Cell number dim>
        {row.blocks === null ? '–' : spanText(row.blocks)}
      </Cell>
    </>
  );
}

const kindWords: { readonly [K in Exclude<BlockKind, 'event'>]: string } = {
  comment: 'comment',
  'no-data': 'no data',
  discarded: 'discarded',
  blank: 'blank',
};

function EventCells({ row }: { readonly row: BlockRow }) {
  const dispatched = row.kind === 'event';
  return (
    <>
      <span
        className={dispatched ? 'cell type wire' : `cell other ${row.kind}`}
        role="gridcell"
        title={dispatched ? visibleText(row.type) : undefined}
      >
        {row.kind === 'event' ? <bdi dir="ltr">{visibleText(row.type)}</bdi> : kindWords[row.kind]}
      </span>
      <Cell number dim>
        {spanText(row.chunks)}
      </Cell>
      <StateCell state={row.payload} />
    </>
  );
}

function JsonCells({ row }: { readonly row: DocumentRow }) {
  return (
    <>
      <Cell number dim>
        {spanText(row.events)}
      </Cell>
      <StateCell state={row.state} />
    </>
  );
}

const stateTones: { readonly [S in PayloadState]: string } = {
  complete: 'ok',
  sentinel: 'ok',
  partial: 'warn',
  malformed: 'bad',
  text: '',
  empty: '',
};

function StateCell({ state }: { readonly state: PayloadState | null }) {
  return (
    <span className="cell state" role="gridcell">
      {state !== null && (
        <>
          <span className={`dot ${stateTones[state]}`} />
          {state}
        </>
      )}
    </span>
  );
}

interface CellProps {
  readonly number?: boolean;
  readonly dim?: boolean;
  readonly kind?: string;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

function Cell({ number = false, dim = false, kind = dim ? 'dim' : '', title, children }: CellProps) {
  return (
    <span className={`cell ${number ? 'number' : ''} ${kind}`} role="gridcell" title={title}>
      {children}
    </span>
  );
}

/** `28`, or `28–30`. */
function spanText([first, last]: RowSpan): string {
  return first === last ? String(first) : `${first}–${last}`;
}
