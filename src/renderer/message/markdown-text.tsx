import { useDeferredValue } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { visibleInPlace } from '../../core/text/visible-text.ts';

/** Only this many characters are rendered: laying out more would block the window. */
const MOST = 200_000;

/**
 * A stream's text is hostile: HTML in it stays text (react-markdown creates elements, never markup), links and images are
 * shown as text and never opened or loaded, and characters that hide or reorder others are made visible.
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
  // While it grows, React may skip a slow rendering in favour of the next one.
  const shown = useDeferredValue(visibleInPlace(text.slice(0, MOST).replaceAll(/\r\n?/g, '\n')));
  return (
    <div className="markdown">
      <Markdown remarkPlugins={[remarkGfm]} components={components}>
        {shown}
      </Markdown>
      {text.length > MOST ? <p className="dim">Rendered up to here; the plain text is complete.</p> : null}
    </div>
  );
}
