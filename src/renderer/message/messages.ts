import type { CaptureId } from '../../contract/capture-id.ts';
import type {
  MessageSpan,
  MessagesView,
  MessageView,
  OtherPartView,
  TextPartView,
  ToolCallView,
} from '../../contract/message-view.ts';
import { GrowingJson } from '../../core/json/growing-json.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { useSelectedDetail } from '../state/selection.ts';
import { answerOf, useHostQuery } from '../state/use-host-query.ts';

/** A part with all of its text received so far. */
export type TextPartState = Omit<TextPartView, 'from'> & {
  /** The text as a tree that grows in place, if it looks like JSON (structured output); null for prose. */
  readonly tree: GrowingJson | null;
};
export type ToolCallState = Omit<ToolCallView, 'from'> & {
  /** The arguments as a tree that grows in place; null for free text. Compare `text` to detect changes. */
  readonly tree: GrowingJson | null;
};
export type PartState = TextPartState | ToolCallState | OtherPartView;

export interface MessageState extends Omit<MessageView, 'parts'> {
  readonly parts: readonly PartState[];
}

export interface MessagesState extends Omit<MessagesView, 'messages'> {
  readonly messages: readonly MessageState[];
}

/** The state before the first answer. */
export const noMessages: MessagesState = {
  dialect: null,
  messages: [],
  problems: [],
  problemCount: 0,
  whole: false,
};

/** The messages of a capture. Only new text crosses the connection. */
export const messagesQuery: HostQuery<{ readonly capture: CaptureId }, MessagesState> = {
  ask: async ({ capture }, before) => {
    const known = before ?? noMessages;
    return merged(known, await callHost('capture.messages', { capture, known: knownLengths(known) }));
  },
  scope: ({ capture }) => capture,
  isWhole: ({ whole }) => whole,
  // Long texts are not read again each time the tab is shown.
  retain: true,
};

function knownLengths({ messages }: MessagesState): Record<string, number> {
  const known: Record<string, number> = {};
  for (const [m, message] of messages.entries()) {
    for (const [p, part] of message.parts.entries())
      if (part.kind !== 'other') known[`${m}/${p}`] = part.text.length;
  }
  return known;
}

/** Appends new text to the known text. */
export function merged(state: MessagesState, view: MessagesView): MessagesState {
  const messages = view.messages.map((message, m): MessageState => {
    const before = state.messages[m];
    return { ...message, parts: message.parts.map((part, p) => mergedPart(before?.parts[p], part)) };
  });
  return { ...view, messages };
}

function mergedPart(before: PartState | undefined, part: MessageView['parts'][number]): PartState {
  if (part.kind === 'other') return part;
  const { from, ...rest } = part;
  const known = before === undefined || before.kind === 'other' ? null : before;
  const text = (known?.text ?? '').slice(0, from) + part.text;
  const isJson = part.kind === 'tool-call' ? part.isJson : part.kind === 'text' && /^\s*[{[]/.test(text);
  const tree = isJson ? (known?.tree ?? new GrowingJson()) : null;
  // The tree reads each character once.
  if (tree !== null && tree.length < text.length) tree.push(text.slice(tree.length));
  return { ...rest, text, tree };
}

const spansQuery: HostQuery<{ readonly capture: CaptureId; readonly seq: number }, readonly MessageSpan[]> = {
  ask: (params) => callHost('capture.messageSpans', params),
  scope: ({ capture }) => capture,
};

const none: readonly MessageSpan[] = [];

/** The parts of the messages that the selected event added, to highlight them. Empty without a selection. */
export function useMessageSpans(capture: CaptureId): readonly MessageSpan[] {
  const seq = answerOf(useSelectedDetail())?.block?.seq ?? null;
  const spans = useHostQuery(spansQuery, seq === null ? null : { params: { capture, seq } });
  // The message pane shows why messages cannot be read.
  return spans.status === 'ready' ? spans.data : none;
}
