import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { exportCapture } from '../files/export-capture.ts';
import { exportChoices } from '../files/export-formats.ts';
import { runAction, shortcutText } from '../commands/actions.ts';
import { useCaptures } from '../state/captures.ts';
import { useDialogs } from '../state/dialogs.ts';
import { useDraft } from '../state/draft.ts';
import { notifyProblem } from '../state/host.ts';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu.tsx';
import { CaptureItem } from './capture-item.tsx';
import './captures.css';

interface OpenMenu {
  readonly capture: CaptureId;
  readonly at: { readonly x: number; readonly y: number };
}

/** All captures of the host, newest first. */
export function CapturesSection() {
  const order = useCaptures((state) => state.order);
  const current = useCaptures((state) => state.current);
  const listed = useCaptures((state) => state.listed);
  const problem = useCaptures((state) => state.listProblem);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const list = useRef<HTMLUListElement>(null);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = current === null ? -1 : order.indexOf(current);
    if (event.key === 'ArrowDown') show(order[Math.min(order.length - 1, at + 1)]);
    else if (event.key === 'ArrowUp') show(order[Math.max(0, at - 1)]);
    else if (event.key === 'Home') show(order[0]);
    else if (event.key === 'End') show(order.at(-1));
    else if (event.key === 'Enter') document.querySelector<HTMLElement>('.lane-table')?.focus();
    else if (event.key === 'Delete' || event.key === 'Backspace') runAction('delete');
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) openMenuAtCurrent();
    else return;
    event.preventDefault();
  };
  const openMenuAtCurrent = (): void => {
    if (current === null) return;
    const item = document.getElementById(`capture-${current}`)?.getBoundingClientRect();
    if (item !== undefined) setMenu({ capture: current, at: { x: item.left + 24, y: item.bottom } });
  };

  return (
    <section className="left-section captures" aria-label="Captures">
      <header>
        <h2>Captures</h2>
        <button
          type="button"
          className="button quiet square small"
          aria-label="Open a file"
          title={`Open a file (${shortcutText('open-file')})`}
          onClick={() => runAction('open-file')}
        >
          <Icon name="folder" size={14} />
        </button>
      </header>
      {problem !== null && (
        <p className="nothing problem" role="alert">
          {problem}{' '}
          <button type="button" className="button small" onClick={() => void useCaptures.getState().list()}>
            Try again
          </button>
        </p>
      )}
      {order.length === 0 && problem !== null ? null : order.length === 0 ? (
        <p className="nothing">{listed ? 'What you connect to or open is kept here.' : 'Reading…'}</p>
      ) : (
        <ul
          ref={list}
          role="listbox"
          aria-label="Captures, newest first"
          aria-activedescendant={current === null ? undefined : `capture-${current}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          {order.map((id) => (
            <CaptureItem
              key={id}
              id={id}
              isCurrent={id === current}
              onMenu={(x, y) => {
                useCaptures.getState().show(id);
                setMenu({ capture: id, at: { x, y } });
              }}
            />
          ))}
        </ul>
      )}
      {menu !== null && <CaptureMenu {...menu} onClose={() => setMenu(null)} />}
    </section>
  );
}

function show(id: CaptureId | undefined): void {
  if (id === undefined) return;
  useCaptures.getState().show(id);
  document.getElementById(`capture-${id}`)?.scrollIntoView({ block: 'nearest' });
}

function CaptureMenu({ capture, at, onClose }: OpenMenu & { readonly onClose: () => void }) {
  const takeOver = (): void => {
    useDraft.getState().takeOver(capture).catch(notifyProblem);
  };
  return (
    <Menu
      at={at}
      label="Capture"
      onClose={onClose}
      items={[
        {
          label: 'Rename',
          shortcut: 'F2',
          run: () => useDialogs.getState().show({ kind: 'rename', capture }),
        },
        { label: 'Take over the request', run: takeOver },
        ...exportChoices.map(({ format, title }, index) => ({
          label: `Export: ${title}`,
          apart: index === 0,
          run: () => void exportCapture(capture, format, false),
        })),
        {
          label: 'Delete…',
          shortcut: 'Del',
          apart: true,
          danger: true,
          run: () => useDialogs.getState().show({ kind: 'delete', capture }),
        },
      ]}
    />
  );
}
