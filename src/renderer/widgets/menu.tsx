import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Popover, type Place } from './popover.tsx';

export interface MenuItem {
  readonly label: string;
  /** A second, smaller line. */
  readonly hint?: string;
  readonly shortcut?: string;
  /** For a checkbox item: whether it is checked. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  /** Draws a separator above. */
  readonly apart?: boolean;
  /** Keeps the menu open. */
  readonly stays?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly at: Place;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
  readonly onClose: () => void;
}

/** A menu. Arrow keys, Home and End move the focus, typing jumps to an item, Enter runs it, Escape closes the menu. */
export function Menu({ at, label, items, align = 'start', onClose }: MenuProps) {
  const typed = useRef({ text: '', at: 0 });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.item')];
    const now = buttons.findIndex((button) => button === document.activeElement);
    let next = -1;
    if (event.key === 'ArrowDown') next = (now + 1) % buttons.length;
    else if (event.key === 'ArrowUp') next = (now - 1 + buttons.length) % buttons.length;
    else if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = buttons.length - 1;
    else if (event.key === 'Tab') onClose();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const fresh = event.timeStamp - typed.current.at > 600;
      typed.current = {
        text: (fresh ? '' : typed.current.text) + event.key.toLowerCase(),
        at: event.timeStamp,
      };
      next = items.findIndex((item) => item.label.toLowerCase().startsWith(typed.current.text));
    }
    if (next === -1) return;
    event.preventDefault();
    buttons[next]?.focus();
  };

  return (
    <Popover at={at} label={label} role="menu" align={align} onClose={onClose} className="menu">
      <div role="presentation" onKeyDown={onKeyDown}>
        {items.map((item) => (
          <div key={item.label} role="presentation">
            {item.apart === true && <hr />}
            <button
              type="button"
              className={item.danger === true ? 'item danger' : 'item'}
              role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
              aria-checked={item.checked}
              onClick={() => {
                if (item.stays !== true) onClose();
                item.run();
              }}
            >
              {item.checked !== undefined && (
                <span className="tick">{item.checked && <Icon name="check" size={14} />}</span>
              )}
              <span className="words">
                {item.label}
                {item.hint !== undefined && <small>{item.hint}</small>}
              </span>
              {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
            </button>
          </div>
        ))}
      </div>
    </Popover>
  );
}

interface MenuButtonProps {
  readonly label: string;
  readonly className?: string;
  readonly align?: 'start' | 'end';
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
}

/** A button that opens a menu below it. */
export function MenuButton({
  label,
  className = 'button',
  align = 'start',
  items,
  children,
}: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {open && <Menu at={button} label={label} align={align} items={items} onClose={() => setOpen(false)} />}
    </>
  );
}
