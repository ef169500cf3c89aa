import { useEffect, useState } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { decodeBase64 } from '../../core/capture/base64.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { callHost, notifyProblem } from '../state/host.ts';

/** Bytes, and lines, of a body that is no stream: enough to recognise an error page or a JSON error. */
const excerptBytes = 600;
const excerptLines = 6;

/** The beginning of a body, as text: servers say in it what is wrong. */
export function BodyExcerpt({ summary }: { readonly summary: CaptureSummary }) {
  const { id, bytes } = summary;
  const end = Math.min(bytes, excerptBytes);
  const [text, setText] = useState('');

  useEffect(() => {
    if (end === 0) return undefined;
    let overtaken = false;
    const read = async (): Promise<void> => {
      const { base64 } = await callHost('capture.bytes', { capture: id, start: 0, end });
      const body = decodeBase64(base64);
      if (!overtaken && body !== null) setText(new TextDecoder().decode(body));
    };
    read().catch(notifyProblem);
    return () => {
      overtaken = true;
    };
  }, [id, end]);

  const lines = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, excerptLines);
  if (lines.length === 0) return null;
  return (
    <pre className="wire excerpt" aria-label="Beginning of the body">
      {lines.map(visibleText).join('\n')}
      {bytes > excerptBytes && ' …'}
    </pre>
  );
}
