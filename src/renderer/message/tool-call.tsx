import { useState } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessagePlace } from '../../contract/message-view.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import type { ToolCallState } from './messages.ts';
import { type JsonView, jsonViews } from '../json-tree/json-tree.tsx';
import { Switch } from '../widgets/switch.tsx';
import { ArgumentTree } from './argument-tree.tsx';
import { PlainText } from './plain-text.tsx';

interface ToolCallProps {
  readonly capture: CaptureId;
  readonly call: ToolCallState;
  readonly place: { readonly message: number; readonly part: number };
  readonly highlight: MessagePlace | null;
}

/** A tool call: its name, its arguments as a tree that grows while they arrive, their exact text, and the answer. */
export function ToolCall({ capture, call, place, highlight }: ToolCallProps) {
  const [view, setView] = useState<JsonView>('tree');
  const { name, type, id, text, tree, status, output, problem, done } = call;
  const root = tree?.root ?? null;
  return (
    <section className="message-part tool-call" aria-label={`Tool call ${name ?? ''}`}>
      <h3>
        <span className="wire">{visibleText(name ?? 'no name yet')}</span>
        <span className="dim">
          {visibleText(type)}
          {id === null ? '' : ` · ${visibleText(id)}`}
          {status === null ? '' : ` · ${visibleText(status)}`}
          {done ? '' : ' · arguments incomplete'}
        </span>
        <span className="copies">
          {root === null ? null : (
            <Switch label="Show arguments as" choices={jsonViews} chosen={view} onChoose={setView} />
          )}
          <CopyButton what="arguments" text={() => text} />
        </span>
      </h3>
      {problem === null ? null : (
        <p className="message-error">
          Not JSON: {visibleText(problem.message)}, at character {problem.at}.
        </p>
      )}
      {root === null || view === 'text' ? (
        text === '' ? (
          <p className="dim">
            {call.given === null || call.given === '{}' ? 'No arguments.' : visibleText(call.given)}
          </p>
        ) : (
          <PlainText capture={capture} text={text} place={place} highlight={highlight} />
        )
      ) : (
        <ArgumentTree root={root} version={text.length} open={!done} />
      )}
      {output === null ? null : (
        <details className="message-extra">
          <summary>answer, {countOf(output.length, 'character')}</summary>
          <pre className="wire">{visibleText(output)}</pre>
        </details>
      )}
    </section>
  );
}
