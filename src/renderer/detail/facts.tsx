import type { ReactNode } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import type { Block } from '../../core/sse/block.ts';
import { countText } from '../format/count.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { pickRow } from '../state/selection.ts';
import { useHostQuery } from '../state/use-host-query.ts';
import { arrivedWords, gapWords, plainPayloadWords, rowsWords, whyNothing } from './detail-words.ts';
import { visibleText } from '../../core/text/visible-text.ts';

/** What is known of an item besides its bytes: where it came from, when, and what it set. */
export function Facts({ capture, detail }: { readonly capture: CaptureId; readonly detail: ItemDetail }) {
  const { lane, block, chunk, payload, related } = detail;
  const gap = useRowGap(capture, detail);
  const nothing = block === null || lane === 'documents' ? null : whyNothing(block.kind);
  const plain = payload === null ? null : plainPayloadWords(payload.state);
  return (
    <>
      {nothing === null ? null : <p className="detail-why">{nothing}</p>}
      <dl className="facts">
        {block !== null && hasFields(block) ? (
          <>
            <Fact name="event type">{wire(block.type === '' ? 'message' : block.type)}</Fact>
            <Fact name="last event ID">{block.lastEventId === '' ? null : wire(block.lastEventId)}</Fact>
          </>
        ) : null}
        {block === null || block.retry === null ? null : (
          <Fact name="reconnection time">{countText(block.retry)} ms</Fact>
        )}
        {plain === null ? null : <Fact name="payload">{plain}</Fact>}
        {lane === 'chunks' ? null : (
          <Fact name="from">
            <RowLink lane="chunks" rows={related.chunks} />
          </Fact>
        )}
        {lane === 'blocks' ? null : (
          <Fact name={lane === 'chunks' ? 'holds' : 'in'}>
            <RowLink lane="blocks" rows={related.blocks} />
          </Fact>
        )}
        {lane === 'documents' || (lane === 'blocks' && related.documents === null) ? null : (
          <Fact name="gives">
            <RowLink lane="documents" rows={related.documents} />
          </Fact>
        )}
        <Fact name="arrived">
          {arrivedWords(detail.at)}
          {gap === null ? null : (
            <span className="fact-gap" title="Since the previous row of this lane">
              {gapWords(gap)}
            </span>
          )}
        </Fact>
        {chunk === null ? null : (
          <>
            <Fact name="socket read">{countText(chunk.read)}</Fact>
            <Fact name="on the wire">
              {countText(chunk.wireBytes)} bytes
              {chunk.wireBytes === detail.range.end - detail.range.start ? null : (
                <span className="dim">, {countText(detail.range.end - detail.range.start)} decoded</span>
              )}
            </Fact>
          </>
        )}
      </dl>
      {block?.illFormed === true ? (
        <p className="detail-why warn">
          Not well-formed UTF-8: U+FFFD replaces bytes that could not be decoded.
        </p>
      ) : null}
      {block?.unfinished === true ? (
        <p className="detail-why warn">
          The body ends within this line: no line feed follows, so the rest of the line may be missing.
        </p>
      ) : null}
      {block?.cut === true ? (
        <p className="detail-why warn">
          Longer than the limit: the data shown is cut, the bytes are complete.
        </p>
      ) : null}
    </>
  );
}

/** Whether a block can set an event type and an ID. */
function hasFields({ framing, kind }: Block): boolean {
  return framing === 'event-stream' && kind !== 'blank' && kind !== 'comment';
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children ?? <span className="dim">none</span>}</dd>
    </>
  );
}

/** A text from the stream, shortened if it is long. */
function wire(text: string): ReactNode {
  return <span className="wire">{visibleText(text.length > 300 ? `${text.slice(0, 300)}…` : text)}</span>;
}

const gapQuery: HostQuery<
  { readonly capture: CaptureId; readonly lane: Lane; readonly row: number },
  number | null
> = {
  ask: async ({ capture, lane, row }) => {
    const { rows } = await callHost('capture.rows', { capture, lane, from: row, to: row + 1 });
    return rows[0]?.gap ?? null;
  },
  scope: ({ capture }) => capture,
};

/**
 * Milliseconds between an item and the previous one in its lane. Null if there is none, while it is loading, and if the
 * host refuses.
 */
function useRowGap(capture: CaptureId, { lane, row }: ItemDetail): number | null {
  const gap = useHostQuery(gapQuery, { params: { capture, lane, row } });
  return gap.status === 'ready' ? gap.data : null;
}

/** A link to rows of another lane. */
function RowLink({ lane, rows }: { readonly lane: Lane; readonly rows: RowSpan | null }) {
  if (rows === null) return <span className="dim">none</span>;
  return (
    <button type="button" className="row-link" onClick={() => pickRow(lane, rows[0])}>
      {rowsWords(lane, rows)}
    </button>
  );
}
