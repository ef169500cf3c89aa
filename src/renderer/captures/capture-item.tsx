import { memo, useEffect, useMemo, useRef } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { captureState } from '../format/capture-state.ts';
import { countOf, countText } from '../format/count.ts';
import { quantityText } from '../format/quantity.ts';
import { captureTitle, requestModel, requestTitle } from '../format/request-title.ts';
import { exactWhenText, whenText } from '../format/time.ts';
import { isLive, useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { notifyProblem, useHost } from '../state/host.ts';
import { Dot } from '../widgets/dot.tsx';

interface CaptureItemProps {
  readonly id: CaptureId;
  readonly isCurrent: boolean;
  readonly onMenu: (x: number, y: number) => void;
}

/** A capture in the list: request, host, time, number of events and state. */
export const CaptureItem = memo(
  function CaptureItem({ id, isCurrent, onMenu }: CaptureItemProps) {
    const summary = useCaptures((state) => state.byId.get(id));
    const lab = useHost((state) => state.lab?.origin ?? null);
    const renaming = useDialogs((state) => state.open?.kind === 'rename' && state.open.capture === id);
    const body = summary?.request.body;
    const model = useMemo(() => requestModel(body), [body]);
    const item = useRef<HTMLLIElement>(null);
    useEffect(() => {
      if (isCurrent) item.current?.scrollIntoView({ block: 'nearest' });
    }, [isCurrent]);
    if (summary === undefined) return null;
    const { tone, word } = captureState(summary);
    const { title, where } = words(summary, lab);
    const details = [model === null ? '' : visibleText(model), where].filter((text) => text !== '');
    const times = [durationOf(summary), whenOf(summary)].filter((text) => text !== '');
    return (
      <li
        ref={item}
        id={`capture-${id}`}
        className="capture"
        role="option"
        aria-selected={isCurrent}
        title={`${visibleText(summary.request.method)} ${visibleText(summary.request.url)}\n${exactWhenText(summary.startedAt)} · ${word}`}
        onClick={() => useCaptures.getState().show(id)}
        onDoubleClick={() => useDialogs.getState().show({ kind: 'rename', capture: id })}
        onContextMenu={(event) => {
          event.preventDefault();
          onMenu(event.clientX, event.clientY);
        }}
      >
        <Dot tone={tone} />
        <span className="words">
          {renaming ? (
            <NameField summary={summary} placeholder={title} />
          ) : (
            <bdi className="title">{title}</bdi>
          )}
          <small>
            {details.length > 0 && <span className="where">{details.join(' · ')}</span>}
            {details.length > 0 && ' · '}
            <span className="when">{times.join(' · ')}</span>
          </small>
        </span>
        <span className="unseen">{`, ${word}, ${countOf(summary.dispatched, 'event')}`}</span>
        <span className="count" aria-hidden="true">
          {countText(summary.dispatched)}
        </span>
      </li>
    );
  },
  (a, b) => a.id === b.id && a.isCurrent === b.isCurrent,
);

function whenOf(summary: CaptureSummary): string {
  return isLive(summary) ? 'now' : whenText(summary.startedAt, new Date());
}

/** How long the request took, once it has ended. */
function durationOf({ end }: CaptureSummary): string {
  return end === null || end.at === null ? '' : quantityText(end.at, 'ms');
}

function words(
  summary: CaptureSummary,
  lab: string | null,
): { readonly title: string; readonly where: string } {
  const { host } = requestTitle(summary.request);
  const where = lab !== null && summary.request.url.startsWith(`${lab}/`) ? 'lab' : host;
  return { title: captureTitle(summary), where: visibleText(where) };
}

function NameField({
  summary,
  placeholder,
}: {
  readonly summary: CaptureSummary;
  readonly placeholder: string;
}) {
  const close = useDialogs((state) => state.close);
  const keep = (name: string): void => {
    close();
    if (name.trim() !== (summary.name ?? ''))
      useCaptures.getState().rename(summary.id, name).catch(notifyProblem);
  };
  return (
    <input
      className="field name"
      aria-label="Name of the capture"
      placeholder={placeholder}
      defaultValue={summary.name ?? ''}
      autoFocus
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={(event) => keep(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') keep(event.currentTarget.value);
        if (event.key === 'Escape') {
          event.currentTarget.value = summary.name ?? '';
          close();
        }
        if (event.key === 'Enter' || event.key === 'Escape') {
          document.querySelector<HTMLElement>('.captures [role=listbox]')?.focus();
        }
      }}
    />
  );
}
