import type { CaptureId } from '../../contract/capture-id.ts';
import type { MessagePlace, OtherPartView } from '../../contract/message-view.ts';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';
import { countText } from '../format/count.ts';
import { assertNever } from '../../core/assert-never.ts';
import { shownOrder } from '../../core/llm/message.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import type { MessageState, PartState } from './messages.ts';
import type { TextStyle } from './message-pane.tsx';
import { TextPart } from './text-part.tsx';
import { ToolCall } from './tool-call.tsx';

interface MessageColumnProps {
  readonly capture: CaptureId;
  readonly message: MessageState;
  readonly number: number;
  readonly of: number;
  readonly style: TextStyle;
  /** Places to highlight in it. */
  readonly highlight: readonly MessagePlace[];
  readonly live: boolean;
}

/** One message: its role, its parts in order, how it ended and its usage. */
export function MessageColumn({ capture, message, number, of, style, highlight, live }: MessageColumnProps) {
  const { role, model, choice, parts, finishReason, usage, extras, error, complete } = message;
  return (
    <article className="message" aria-label={of === 1 ? 'Message' : `Message ${number + 1} of ${of}`}>
      <header>
        <strong>{visibleText(role ?? 'no role yet')}</strong>
        {of > 1 ? <span className="dim">choice {choice}</span> : null}
        {model === null ? null : <span className="wire dim">{visibleText(model)}</span>}
        <Ending finishReason={finishReason} complete={complete} failed={error !== null} live={live} />
      </header>
      {error === null ? null : (
        <p className="message-error" role="alert">
          {visibleText(error.message)}
        </p>
      )}
      {shownOrder(parts).map((n) => {
        const part = parts[n];
        return part === undefined ? null : (
          <Part
            key={n}
            capture={capture}
            part={part}
            place={{ message: number, part: n }}
            style={style}
            highlight={highlight.find((place) => place.part === n) ?? null}
          />
        );
      })}
      {usage === null ? null : <UsageList usage={usage} />}
      {extras.map(({ name, json }) => (
        <details key={name} className="message-extra">
          <summary>{visibleText(name)}</summary>
          <pre className="wire">{visibleText(json)}</pre>
        </details>
      ))}
    </article>
  );
}

interface PartProps {
  readonly capture: CaptureId;
  readonly part: PartState;
  readonly place: { readonly message: number; readonly part: number };
  readonly style: TextStyle;
  readonly highlight: MessagePlace | null;
}

function Part({ part, ...rest }: PartProps) {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return <TextPart part={part} {...rest} />;
    case 'tool-call':
      return <ToolCall call={part} {...rest} />;
    case 'other':
      return <OtherPart part={part} />;
    default:
      return assertNever(part);
  }
}

interface EndingProps {
  readonly finishReason: string | null;
  readonly complete: boolean;
  readonly failed: boolean;
  readonly live: boolean;
}

/** How the message ended, as a word and a colour. */
function Ending({ finishReason, complete, failed, live }: EndingProps) {
  if (failed) return <span className="badge bad">failed</span>;
  if (finishReason !== null) {
    const word = visibleText(finishReason);
    const isWhole =
      complete && /^(?:stop|end_turn|completed|tool_calls|tool_use|function_call|stop_sequence)$/i.test(word);
    return <span className={`badge ${isWhole ? 'ok' : 'part'}`}>{word}</span>;
  }
  return live ? <span className="badge">arriving…</span> : <span className="badge bad">cut off</span>;
}

/** A part that is neither text nor a call, as received: a built-in tool with its state, a result, an image. */
function OtherPart({ part }: { readonly part: OtherPartView }) {
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

/** Most figures that are shown. */
const MOST = 24;

/** The usage of the answer, as counted by the provider. */
function UsageList({ usage }: { readonly usage: JsonObject }) {
  const figures = flattened(usage).filter(([, value]) => value !== 0);
  return (
    <dl className="usage" aria-label="Usage">
      {figures.slice(0, MOST).map(([name, value]) => (
        <div key={name}>
          <dt>{visibleText(name.replaceAll('_', ' '))}</dt>
          <dd>{countText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Numbers by their name, including those one level deeper. */
function flattened(usage: JsonObject): [string, number][] {
  return Object.entries(usage).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value as Record<string, JsonValue>).flatMap(
      ([inner, figure]): [string, number][] => (typeof figure === 'number' ? [[inner, figure]] : []),
    );
  });
}
