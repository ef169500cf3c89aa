import { useEffect, useState } from 'react';
import { problemOf, useHost } from '../state/host.ts';
import { copyText } from './copy-text.ts';

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
      else useHost.getState().notify('error', 'The system did not let the clipboard be written.');
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
