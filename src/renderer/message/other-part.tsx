import type { OtherPartView } from '../../contract/message-view.ts';
import { visibleText } from '../../core/text/visible-text.ts';

/** A part that is neither text nor a call: a built-in tool with its state, a result, an image; as it came. */
export function OtherPart({ part }: { readonly part: OtherPartView }) {
  return (
    <section className="message-part other" aria-label={part.type}>
      <details className="message-extra">
        <summary>
          <span className="wire">{visibleText(part.type)}</span>
          <span className="dim">
            {' '}
            event {part.seq}
            {part.status === null ? '' : ` · ${visibleText(part.status)}`}
          </span>
        </summary>
        <pre className="wire">{visibleText(part.json)}</pre>
      </details>
    </section>
  );
}
