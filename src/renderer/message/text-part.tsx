import { lazy, Suspense, useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessagePlace } from '../../contract/message-view.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import type { TextPartState } from './messages.ts';
import type { TextStyle } from './message-pane.tsx';
import { type JsonView, jsonViews } from '../json-tree/json-tree.tsx';
import { Switch } from '../widgets/switch.tsx';
import { ArgumentTree } from './argument-tree.tsx';
import { PlainText } from './plain-text.tsx';

// The Markdown renderer is as large as the rest of the page, so it is loaded when it is first needed.
const MarkdownText = lazy(() => import('./markdown-text.tsx'));

interface TextPartProps {
  readonly capture: CaptureId;
  readonly part: TextPartState;
  readonly place: { readonly message: number; readonly part: number };
  readonly style: TextStyle;
  readonly highlight: MessagePlace | null;
}

const titles = { text: 'Text', reasoning: 'Reasoning', refusal: 'Refusal' } as const;

/** Text, reasoning or a refusal. Clicking a word selects the event that it came from. */
export function TextPart({ capture, part, place, style, highlight }: TextPartProps) {
  const { kind, text, extras } = part;
  const [view, setView] = useState<JsonView>('tree');
  // Prose may begin with a bracket too: it is shown as a tree only while it is JSON.
  const root = part.tree === null || part.tree.problem !== null ? null : part.tree.root;
  const plain = <PlainText capture={capture} text={text} place={place} highlight={highlight} />;
  return (
    <section className={`message-part ${kind}`} aria-label={titles[kind]}>
      <h3>
        {titles[kind]}
        <span className="dim">{countOf(text.length, 'character')}</span>
        <span className="copies">
          {root === null ? null : (
            <Switch label="Show this text as" choices={jsonViews} chosen={view} onChoose={setView} />
          )}
          <CopyButton what="text" text={() => text} />
        </span>
      </h3>
      {root !== null && view === 'tree' ? (
        <ArgumentTree root={root} version={text.length} open={!part.done} />
      ) : style === 'markdown' && kind !== 'refusal' ? (
        <Suspense fallback={plain}>
          <MarkdownText text={text} />
        </Suspense>
      ) : (
        plain
      )}
      {extras.length === 0 ? null : (
        <details className="message-extra">
          <summary>{summaryOf(extras)}</summary>
          <ul>
            {extras.map(({ type, json, seq }, n) => (
              <li key={n}>
                <span className="dim">
                  {visibleText(type)}, event {seq}
                </span>{' '}
                <span className="wire">{visibleText(json)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** `12 annotations, 1 signature`. */
function summaryOf(extras: TextPartState['extras']): string {
  const counts = new Map<string, number>();
  for (const { type } of extras) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${count} × ${visibleText(type)}`).join(', ');
}
