import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type {
  MessagesView,
  MessageView,
  OtherPartView,
  TextPartView,
  ToolCallView,
} from '../../contract/message-view.ts';
import { GrowingJson } from '../../core/json/growing-json.ts';
import { callHost, problemOf } from './host.ts';

/** A part with all of its text that has come so far. */
export type TextPartState = Omit<TextPartView, 'from'> & {
  /** The text as a tree that grows in place where it is to be JSON (structured output); null for prose. */
  readonly tree: GrowingJson | null;
};
export type ToolCallState = Omit<ToolCallView, 'from'> & {
  /** The arguments as a tree that grows in place; null where they are free text. Compare `text` to see it change. */
  readonly tree: GrowingJson | null;
};
export type PartState = TextPartState | ToolCallState | OtherPartView;

export interface MessageState extends Omit<MessageView, 'parts'> {
  readonly parts: readonly PartState[];
}

export interface MessagesState {
  readonly capture: CaptureId | null;
  readonly dialect: MessagesView['dialect'];
  readonly messages: readonly MessageState[];
  readonly problems: MessagesView['problems'];
  readonly problemCount: number;
  /** Everything that the host has is here. False before the first answer. */
  readonly whole: boolean;
  /** Why the messages cannot be shown. */
  readonly failure: string | null;
}

const nothing: MessagesState = {
  capture: null,
  dialect: null,
  messages: [],
  problems: [],
  problemCount: 0,
  whole: false,
  failure: null,
};

/** The messages of one capture. Texts come as they grow: only what is new crosses the connection. */
export const useMessages = create<MessagesState>()(() => nothing);

let asking: CaptureId | null = null;
/** There was a call while a question was under way: its answer may lack what the call was for. */
let askAgain = false;

/** Asks for what is new. One question at a time: after a call while one is under way another follows it. */
export async function askMessages(capture: CaptureId): Promise<void> {
  if (asking === capture) {
    askAgain = true;
    return;
  }
  asking = capture;
  if (useMessages.getState().capture !== capture) useMessages.setState({ ...nothing, capture });
  try {
    let whole = false;
    while ((!whole || askAgain) && asking === capture) {
      askAgain = false;
      const view = await callHost('capture.messages', {
        capture,
        known: knownLengths(useMessages.getState()),
      });
      if (asking !== capture) return;
      useMessages.setState((state) => merged(state, view));
      whole = view.whole;
    }
  } catch (error) {
    if (asking === capture) useMessages.setState({ failure: problemOf(error) });
  } finally {
    if (asking === capture) asking = null;
  }
}

function knownLengths({ messages }: MessagesState): Record<string, number> {
  const known: Record<string, number> = {};
  for (const [m, message] of messages.entries()) {
    for (const [p, part] of message.parts.entries())
      if (part.kind !== 'other') known[`${m}/${p}`] = part.text.length;
  }
  return known;
}

/** Puts what is new behind what is known. */
export function merged(state: MessagesState, view: MessagesView): MessagesState {
  const messages = view.messages.map((message, m): MessageState => {
    const before = state.messages[m];
    return { ...message, parts: message.parts.map((part, p) => mergedPart(before?.parts[p], part)) };
  });
  const { dialect, problems, problemCount, whole } = view;
  return { ...state, dialect, problems, problemCount, whole, messages, failure: null };
}

function mergedPart(before: PartState | undefined, part: MessageView['parts'][number]): PartState {
  if (part.kind === 'other') return part;
  const { from, ...rest } = part;
  const known = before === undefined || before.kind === 'other' ? null : before;
  const text = (known?.text ?? '').slice(0, from) + part.text;
  const isJson = part.kind === 'tool-call' ? part.isJson : part.kind === 'text' && /^\s*[{[]/.test(text);
  const tree = isJson ? (known?.tree ?? new GrowingJson()) : null;
  // The tree reads each character once; what it has read already is not new to it.
  if (tree !== null && tree.length < text.length) tree.push(text.slice(tree.length));
  return { ...rest, text, tree };
}
