import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import { exportCapture } from '../files/export-capture.ts';
import { exportFormatNames, exportFormats } from '../../core/export/formats.ts';
import { actionItems } from '../actions/action-button.tsx';
import { runAction } from '../actions/actions.ts';
import { useCaptures } from '../state/captures.ts';
import { focusRows } from '../rows/focus-rows.ts';
import { Menu, type MenuItem } from '../widgets/menu.tsx';
import { CaptureItem } from './capture-item.tsx';

interface OpenMenu {
  readonly capture: CaptureId;
  readonly at: { readonly x: number; readonly y: number };
}

interface CaptureListProps {
  readonly ids: readonly CaptureId[];
  readonly label: string;
}

/** A list of captures, selected by click or arrow keys. Each has a context menu. */
export function CaptureList({ ids, label }: CaptureListProps) {
  const current = useCaptures((state) => state.current);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const at = current === null ? -1 : ids.indexOf(current);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') show(ids[Math.min(ids.length - 1, at + 1)]);
    else if (event.key === 'ArrowUp') show(ids[Math.max(0, at - 1)]);
    else if (event.key === 'Home') show(ids[0]);
    else if (event.key === 'End') show(ids.at(-1));
    else if (event.key === 'Enter') focusRows();
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
    <>
      <ul
        role="listbox"
        aria-label={label}
        aria-activedescendant={at === -1 ? undefined : `capture-${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {ids.map((id) => (
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
      {menu !== null && <CaptureMenu {...menu} onClose={() => setMenu(null)} />}
    </>
  );
}

function show(id: CaptureId | undefined): void {
  if (id === undefined) return;
  useCaptures.getState().show(id);
  document.getElementById(`capture-${id}`)?.scrollIntoView({ block: 'nearest' });
}

/** The context menu of the current capture. */
function CaptureMenu({ capture, at, onClose }: OpenMenu & { readonly onClose: () => void }) {
  const exports = exportFormatNames.map((format, index) => ({
    label: `Export: ${exportFormats[format].title}`,
    apart: index === 0,
    run: () => void exportCapture(capture, format, false),
  }));
  const items = actionItems('capture');
  const isDanger = ({ danger = false }: MenuItem): boolean => danger;
  return (
    <Menu
      at={at}
      label="Capture"
      onClose={onClose}
      items={[...items.filter((item) => !isDanger(item)), ...exports, ...items.filter(isDanger)]}
    />
  );
}
