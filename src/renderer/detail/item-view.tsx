import { useEffect, useMemo, useRef, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ItemDetail } from '../../contract/item.ts';
import type { ByteRange } from '../../core/byte-range.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { countOf, countText } from '../format/count.ts';
import { useHost } from '../state/host.ts';
import { useSelection } from '../state/selection.ts';
import { InMessage } from './in-message.tsx';
import { type JsonView, jsonViews } from '../json-tree/json-tree.tsx';
import { Switch } from '../widgets/switch.tsx';
import type { ByteWindows } from './byte-windows.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { bytesAround, bytesOfNode, highlightOf } from './item-highlight.ts';
import { DetailSection } from './detail-section.tsx';
import { Facts } from './facts.tsx';
import { FieldLines, worthListing } from './field-lines.tsx';
import { HexView } from './hex-view.tsx';
import { JsonSection } from './json-section.tsx';
import type { TreeRow } from '../json-tree/json-tree-rows.ts';
import { hexText, MOST_COPIED, readBytes } from './read-bytes.ts';
import { readJson } from './read-json.ts';
import { TextMap } from './text-map.ts';
import { TextView } from './text-view.tsx';

/** How long the pointer rests on a value before the bytes scroll to it, in ms. */
const REST = 180;

interface ItemViewProps {
  readonly capture: CaptureId;
  readonly detail: ItemDetail;
  /** The body of the capture. */
  readonly bytes: ByteWindows;
}

/** One item in full: facts, lines, bytes, JSON and text. Pointing at one of them highlights the same part in the others. */
export function ItemView({ capture, detail, bytes }: ItemViewProps) {
  const { text, fields, range, payload } = detail;
  const root = useMemo(() => readJson(detail), [detail]);
  const map = useMemo(() => new TextMap(text ?? '', detail.sources), [text, detail.sources]);
  const [view, setView] = useState<JsonView>('tree');
  const asText = root === null || view === 'text';
  const [readout, setReadout] = useState<string | null>(null);
  const [reveal, setReveal] = useState<ByteRange | null>(null);

  const highlightedBytes = useSelection((state) => state.highlightedBytes);
  const highlightBytes = useSelection((state) => state.highlightBytes);
  const links = useMemo(() => ({ detail, map, root }), [detail, map, root]);
  const highlight = useMemo(() => highlightOf(links, highlightedBytes), [links, highlightedBytes]);
  // What was clicked, or what the item was selected for, stays highlighted while the pointer is on nothing else.
  const selectedBytes = useSelection((state) => state.selectedBytes);
  const picked = useRef<ByteRange | null>(null);
  useEffect(() => {
    picked.current = selectedBytes;
    highlightBytes(selectedBytes);
    return () => highlightBytes(null);
  }, [selectedBytes, highlightBytes]);

  // The bytes scroll only if the pointer rests on a value, not if it passes over one.
  const [rested, setRested] = useState<ByteRange | null>(null);
  useEffect(() => {
    if (rested === null) return undefined;
    const timer = setTimeout(() => setReveal({ ...rested }), REST);
    return () => clearTimeout(timer);
  }, [rested]);

  const point = (range: ByteRange | null): void => highlightBytes(range ?? picked.current);
  const pick = (chosen: ByteRange, show: boolean): void => {
    picked.current = chosen;
    highlightBytes(chosen);
    if (show) setReveal({ ...chosen });
  };
  const bytesOfRow = ({ node, key }: TreeRow): ByteRange | null =>
    node === null || text === null ? null : bytesOfNode(map, text, node, key !== null);

  const length = range.end - range.start;
  const problem = payload?.problem ?? null;
  return (
    <>
      <DetailSection title={detail.block?.framing === 'ndjson' ? 'Line' : 'Fields'}>
        <Facts capture={capture} detail={detail} />
        {worthListing(fields) ? (
          <FieldLines fields={fields} onPoint={point} onPick={(line) => pick(line, true)} />
        ) : null}
      </DetailSection>

      <DetailSection
        title={
          <>
            Bytes <span className="detail-count">{countText(length)}</span>
            {readout === null ? null : (
              <span className="detail-readout" aria-hidden="true">
                {readout}
              </span>
            )}
          </>
        }
        actions={
          <>
            <CopyButton what="hex" text={async () => hexText(await bytesToCopy(capture, range))} />
            <CopyButton what="text" text={async () => decodeUtf8(await bytesToCopy(capture, range))} />
          </>
        }
      >
        <HexView
          bytes={bytes}
          detail={detail}
          highlight={highlight.bytes}
          reveal={reveal ?? selectedBytes}
          onPoint={(byte) => {
            setReadout(byte === null ? null : `at ${byte.position}: ${byte.words}`);
            point(byte === null ? null : bytesAround(links, byte.position));
          }}
          onPick={(position) => pick(bytesAround(links, position), false)}
        />
      </DetailSection>

      {text === null || text === '' ? null : (
        <DetailSection
          title={
            root === null ? (
              <>
                {detail.block?.kind === 'comment' ? 'Comment' : 'Data'}{' '}
                <span className="detail-count">{countOf(detail.textLength, 'character')}</span>
              </>
            ) : (
              <>
                JSON <span className={`detail-state ${payload?.state ?? ''}`}>{payload?.state}</span>
              </>
            )
          }
          actions={
            <>
              {root === null ? null : (
                <Switch label="Show as" choices={jsonViews} chosen={view} onChoose={setView} />
              )}
              <CopyButton what={root === null ? 'text' : 'JSON'} text={() => text} />
            </>
          }
        >
          {problem === null ? null : (
            <p className="detail-why warn">
              {payload?.state === 'partial' ? 'Ends' : 'Stops being JSON'} at character{' '}
              {countText(problem.at)}: {problem.message}.{' '}
              {asText ? null : (
                <button type="button" className="row-link" onClick={() => setView('text')}>
                  Show it
                </button>
              )}
            </p>
          )}
          {asText ? (
            <TextView
              text={text}
              highlight={highlight.text}
              problemAt={problem?.at ?? null}
              label="Data of the item"
            />
          ) : (
            <JsonSection
              text={text}
              cut={text.length < detail.textLength}
              root={root}
              highlight={highlight}
              onPoint={(row) => {
                const value = row === null ? null : bytesOfRow(row);
                setRested(value);
                point(value);
              }}
              onPick={(row) => {
                const value = bytesOfRow(row);
                if (value !== null) pick(value, true);
              }}
            />
          )}
          {text.length < detail.textLength ? (
            <p className="detail-why">
              Cut here: the first {countText(text.length)} of {countOf(detail.textLength, 'character')}. The
              bytes above are complete.
            </p>
          ) : null}
        </DetailSection>
      )}
      {detail.block?.kind === 'event' ? <InMessage capture={capture} /> : null}
    </>
  );
}

/** The bytes of a range. If they are too many for a clipboard, a notice says so. */
async function bytesToCopy(capture: CaptureId, range: ByteRange): Promise<Uint8Array> {
  if (range.end - range.start > MOST_COPIED) {
    useHost
      .getState()
      .notify('info', 'Only the first 8 MiB are copied. Export the capture to get all of it.');
  }
  return readBytes(capture, range);
}
