import type { JsonObject } from '../core/json/json-value.ts';
import type { AssemblyProblem } from '../core/llm/assembly.ts';
import type { DialectName } from '../core/llm/dialects.ts';
import type { TextPart } from '../core/llm/message.ts';

/** The part of a growing text that the user interface does not have yet. */
interface GrowingTextView {
  /** Where `text` begins: the `known` length. */
  readonly from: number;
  /** The text from there on. A long text may stop before `length`: request the rest again. */
  readonly text: string;
  /** UTF-16 code units so far. */
  readonly length: number;
}

/** What the model wrote. */
export interface TextPartView extends GrowingTextView {
  readonly kind: TextPart['kind'];
  readonly done: boolean;
  /** Citations, signatures, logprobs: at most the first 100, each as JSON of at most 2,000 characters. */
  readonly extras: readonly { readonly type: string; readonly json: string; readonly seq: number }[];
}

/** A call of a tool; the text is the exact arguments. */
export interface ToolCallView extends GrowingTextView {
  readonly kind: 'tool-call';
  readonly type: string;
  readonly id: string | null;
  readonly name: string | null;
  /** Its number among the calls of its message, where the dialect numbers them: see `shownOrder`. */
  readonly index: number | null;
  /** Whether the arguments are JSON, and not free text. */
  readonly isJson: boolean;
  /** Arguments that came whole, as JSON; null where they did not. */
  readonly given: string | null;
  readonly status: string | null;
  /** What the tool answered, as JSON or text, cut at 64 Ki characters. */
  readonly output: string | null;
  readonly done: boolean;
  /** Where the arguments stop being JSON: position in them. */
  readonly problem: { readonly at: number; readonly message: string } | null;
}

/** Anything else in a message, as JSON cut at 64 Ki characters. */
export interface OtherPartView {
  readonly kind: 'other';
  readonly type: string;
  readonly status: string | null;
  readonly json: string;
  readonly seq: number;
  readonly done: boolean;
}

/** A part of a message, as `MessagePart` of core has it. */
export type PartView = TextPartView | ToolCallView | OtherPartView;

/** A message as the user interface is sent it: see `Message` of core. */
export interface MessageView {
  readonly dialect: DialectName;
  readonly choice: number;
  readonly id: string | null;
  readonly model: string | null;
  readonly role: string | null;
  readonly finishReason: string | null;
  readonly usage: JsonObject | null;
  /** Other members of the response, by name, each as JSON of at most 2,000 characters. */
  readonly extras: readonly { readonly name: string; readonly json: string }[];
  readonly error: { readonly message: string; readonly seq: number } | null;
  readonly complete: boolean;
  /** `seq` of the first and last event that touched it. */
  readonly events: readonly [first: number, last: number];
  readonly parts: readonly PartView[];
}

/** The messages of a capture, as far as its events were read for them. */
export interface MessagesView {
  readonly dialect: DialectName | null;
  /** False while there is more to read or to send: ask again. */
  readonly whole: boolean;
  readonly messages: readonly MessageView[];
  /** At most the first 200. */
  readonly problems: readonly AssemblyProblem[];
  readonly problemCount: number;
}

/** A place in a message. */
export interface MessagePlace {
  /** Index of the message and of its part. */
  readonly message: number;
  readonly part: number;
  /** Code units of the part's text. */
  readonly from: number;
  readonly to: number;
}

/** The event that brought a piece of a message. */
export interface MessageSource extends MessagePlace {
  readonly seq: number;
  /** Its row in the `blocks` lane. */
  readonly row: number;
}

/** What one event added to a message, with the text before it. */
export interface MessageSpan extends MessagePlace {
  readonly kind: TextPart['kind'] | 'tool-call';
  /** At most 80 code units before the piece. */
  readonly before: string;
  /** The piece, cut at 2,000 code units. */
  readonly text: string;
}
