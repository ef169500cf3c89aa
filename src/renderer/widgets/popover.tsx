import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import './popover.css';

/** Where a popover opens: below an element, or at a point of the window. */
export type Place = RefObject<HTMLElement | null> | { readonly x: number; readonly y: number };

interface PopoverProps {
  readonly at: Place;
  readonly label: string;
  readonly role?: 'menu' | 'dialog' | 'listbox';
  /** The side of the element that it is aligned with. */
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const margin = 8;

/**
 * A box above everything else, placed inside the window. Escape and a click outside close it, and the focus is
 * restored.
 */
export function Popover({
  at,
  label,
  role = 'dialog',
  align = 'start',
  className = '',
  onClose,
  children,
}: PopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useEffectEvent(onClose);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    element.showPopover();
    place(element, at, align);
    const onResize = (): void => place(element, at, align);
    const onPointerDown = (event: PointerEvent): void => {
      const { target } = event;
      if (!(target instanceof Node) || element.contains(target)) return;
      if ('current' in at && at.current?.contains(target) === true) return;
      close();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    addEventListener('resize', onResize);
    document.addEventListener('pointerdown', onPointerDown, true);
    element.addEventListener('keydown', onKeyDown);
    return () => {
      removeEventListener('resize', onResize);
      document.removeEventListener('pointerdown', onPointerDown, true);
      element.removeEventListener('keydown', onKeyDown);
      const inside = element.contains(document.activeElement) || document.activeElement === document.body;
      if (inside && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [at, align]);

  useEffect(() => {
    const element = box.current;
    if (element === null || element.contains(document.activeElement)) return;
    const first = element.querySelector<HTMLElement>(
      '[autofocus], [data-first], input, select, textarea, button',
    );
    (first ?? element).focus({ preventScroll: true });
  }, []);

  return (
    <div
      ref={box}
      popover="manual"
      role={role}
      aria-label={label}
      tabIndex={-1}
      className={`popover ${className}`}
    >
      {children}
    </div>
  );
}

function place(box: HTMLElement, at: Place, align: 'start' | 'end'): void {
  const { offsetWidth: width, offsetHeight: height } = box;
  const anchor = 'current' in at ? at.current?.getBoundingClientRect() : undefined;
  const point = 'current' in at ? { x: 0, y: 0 } : at;
  const left = anchor === undefined ? point.x : align === 'end' ? anchor.right - width : anchor.left;
  const below = anchor === undefined ? point.y : anchor.bottom + 4;
  const above = anchor === undefined ? point.y - height : anchor.top - 4 - height;
  const top = below + height + margin > innerHeight && above >= margin ? above : below;
  box.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`;
  box.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
}
