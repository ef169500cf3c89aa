import { useDeferredValue } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { visibleInPlace } from '../../core/text/visible-text.ts';

/** Beyond so many characters the text is rendered as far as this: laying out more would hold up the window. */
const MOST = 200_000;

/**
 * A stream's text is hostile: HTML in it stays text (react-markdown makes elements, never markup), addresses are
 * shown and never opened, nothing is loaded from anywhere, and characters that hide or turn others are made visible.
 */
const components: Components = {
  a: ({ children, href }) => (
    <span className="inert-link" title={href}>
      {children}
    </span>
  ),
  img: ({ alt, src }) => (
    <span className="inert-image" title={typeof src === 'string' ? src : undefined}>
      image: {alt}
    </span>
  ),
};

/** A text rendered as Markdown (GitHub's kind). */
export default function MarkdownText({ text }: { readonly text: string }) {
  // While it grows, a slow rendering is skipped in favour of the next one.
  const shown = useDeferredValue(visibleInPlace(text.slice(0, MOST).replaceAll(/\r\n?/g, '\n')));
  return (
    <div className="markdown">
      <Markdown remarkPlugins={[remarkGfm]} components={components}>
        {shown}
      </Markdown>
      {text.length > MOST ? <p className="dim">Rendered as far as this; the plain text is whole.</p> : null}
    </div>
  );
}
