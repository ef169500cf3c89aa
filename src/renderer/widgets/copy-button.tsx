import { useEffect, useState } from 'react';
import { problemOf, useHost } from '../state/host.ts';

interface CopyButtonProps {
  /** The label without `Copy`, for example `hex`. */
  readonly what: string;
  /** Returns or fetches the text to copy. */
  readonly text: () => string | Promise<string>;
}

/** Copies a text and shows for a moment that it was copied. */
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
 * Copies `text` to the clipboard. Returns whether it worked. The window denies all permissions, so the asynchronous
 * clipboard may be refused. Copying a selection after user input needs no permission.
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
