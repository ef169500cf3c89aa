import { useState } from 'react';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { dialects } from '../../core/llm/dialects.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import { contentVersion, isLive } from '../state/captures.ts';
import { useHostQuery } from '../state/use-host-query.ts';
import { Switch } from '../widgets/switch.tsx';
import { MessageColumn } from './message-column.tsx';
import { messagesQuery, noMessages, useMessageSpans } from './messages.ts';
import { MetricsStrip } from './metrics-strip.tsx';
import './message.css';

/** How the model's text is shown: as plain text, or rendered. */
const textStyles = { plain: 'plain text', markdown: 'Markdown' } as const;

export type TextStyle = keyof typeof textStyles;

/** The messages that a stream adds up to: choices side by side, each with its text, reasoning and tool calls. */
export function MessagePane({ summary }: { readonly summary: CaptureSummary }) {
  const [style, setStyle] = useState<TextStyle>('plain');
  const { id } = summary;
  const state = useHostQuery(messagesQuery, { params: { capture: id }, revision: contentVersion(summary) });
  const { messages, dialect, problems, problemCount, whole } = state.data ?? noMessages;
  const failure = state.status === 'failed' ? state.problem : null;
  const highlight = useMessageSpans(id);

  if (messages.length === 0 && !whole && failure === null) return <div className="message-pane" />;
  if (failure !== null || messages.length === 0) {
    return (
      <div className="message-pane">
        <div className="empty-state">
          <h2>{failure === null ? 'No message' : 'The message cannot be shown'}</h2>
          <p>{failure ?? whyNone(summary)}</p>
        </div>
      </div>
    );
  }
  return (
    <div className="message-pane" role="region" aria-label="Message" tabIndex={0}>
      <div className="message-bar">
        <span className="wire dim">{dialect}</span>
        <Switch label="Show text as" choices={textStyles} chosen={style} onChoose={setStyle} />
      </div>
      <MetricsStrip summary={summary} />
      {problemCount > 0 ? (
        <ul className="message-problems" aria-label="Problems">
          {problems.slice(0, 5).map((problem, n) => (
            <li key={n}>
              <span className="wire">{problem.code}</span> {visibleText(problem.message)}
            </li>
          ))}
          {problemCount > 5 ? <li>and {countOf(problemCount - 5, 'more problem')}</li> : null}
        </ul>
      ) : null}
      <div className="message-columns">
        {messages.map((message, n) => (
          // Messages are only added at the end.
          <MessageColumn
            key={n}
            capture={id}
            message={message}
            number={n}
            of={messages.length}
            style={style}
            highlight={highlight.filter((span) => span.message === n)}
            live={isLive(summary)}
          />
        ))}
      </div>
    </div>
  );
}

function whyNone(summary: CaptureSummary): string {
  if (summary.dispatched === 0) return 'No events have arrived.';
  return `These events are in none of the known dialects: ${dialects.map(({ title }) => title).join(', ')}.`;
}
