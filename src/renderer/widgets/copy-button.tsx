import { useEffect, useState } from 'react';
import { problemOf, useHost } from '../state/host.ts';

interface CopyButtonProps {
  /** What the button says, as `Copy hex` without the `Copy`. */
  readonly what: string;
  /** Gives what is copied; it may have to be fetched. */
  readonly text: () => string | Promise<string>;
}

/** Copies, and says for a moment that it did. */
export function CopyButton({ what, text }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1200);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    try {
      if (await copyText(await text())) setCopied(true);
      else useHost.getState().notify('error', 'The clipboard could not be written.');
    } catch (error) {
      useHost.getState().notify('error', problemOf(error));
    }
  };
  return (
    <button type="button" className="copy" title={`Copy ${what}`} onClick={() => void copy()}>
      {copied ? 'copied' : what}
    </button>
  );
}

/**
 * Puts `text` on the clipboard. Returns whether it worked. The window denies every permission, that of the asynchronous
 * clipboard among them, so a selection is copied where that is refused: it needs none after a click or a key.
 */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
