import { createElement, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';

/** A hook in a component. */
export interface Mounted<Props, Result> {
  /** What the hook returned in the newest rendering. Waits for the first one. */
  readonly result: () => Result;
  /** What it returned in each rendering so far. */
  readonly results: readonly Result[];
  /** Renders again with other props. */
  readonly update: (props: Props) => void;
  readonly unmount: () => void;
}

/** Runs a hook in a component that draws nothing, so that no page is needed. Unmounted when the test ends. */
export function mount<Props extends object, Result>(
  useHook: (props: Props) => Result,
  props: Props,
): Mounted<Props, Result> {
  const results: Result[] = [];
  const root = createRoot(emptyElement());
  const Component = (given: Props): ReactNode => {
    results.push(useHook(given));
    return null;
  };
  const update = (next: Props): void => root.render(createElement(Component, next));
  update(props);
  const unmount = (): void => root.unmount();
  onTestFinished(unmount);
  const result = (): Result => {
    if (results.length === 0) throw new Error('nothing was rendered yet');
    return results.at(-1) as Result;
  };
  return { result, results, update, unmount };
}

/** As much of an element and its page as React asks for where there is nothing to draw. */
function emptyElement(): Element {
  vi.stubGlobal('window', { HTMLIFrameElement: Object });
  const listens = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const ownerDocument = { ...listens, nodeType: 9, activeElement: null };
  return { ...listens, nodeType: 1, nodeName: 'DIV', tagName: 'DIV', ownerDocument } as unknown as Element;
}
