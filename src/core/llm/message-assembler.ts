import { assertNever } from '../assert-never.ts';
import type { EndReason } from '../capture/record.ts';
import { arrayMember, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { AnthropicMessagesAssembler } from './anthropic-messages.ts';
import { Problems, type Assembler, type AssemblyProblem, type LlmEvent } from './assembly.ts';
import { dialectOfPayload } from './dialect.ts';
import { GoogleGenerateContentAssembler } from './google-generate-content.ts';
import type { Dialect, Message } from './message.ts';
import { OpenAiChatAssembler } from './openai-chat.ts';
import { OpenAiResponsesAssembler } from './openai-responses.ts';
import { errorSentence, eventError } from './provider-error.ts';

function newAssembler(dialect: Dialect, problems: Problems): Assembler {
  switch (dialect) {
    case 'openai-chat':
      return new OpenAiChatAssembler(problems);
    case 'openai-responses':
      return new OpenAiResponsesAssembler(problems);
    case 'anthropic-messages':
      return new AnthropicMessagesAssembler(problems);
    case 'google-generate-content':
      return new GoogleGenerateContentAssembler(problems);
    default:
      return assertNever(dialect);
  }
}

/** Responses that one stream may hold, glued together: beyond, what comes is not assembled. */
const MAX_RESPONSES = 1000;

/**
 * From events to messages: tells the dialect from the payloads, and hands the events to its state machine. A stream
 * that changes its dialect, or holds several responses, gives the messages of all of them, in order. A stream in no
 * known dialect has no message, which is no error.
 */
export class MessageAssembler {
  /** Of the newest response; null until one is recognised. */
  dialect: Dialect | null = null;
  readonly #problems = new Problems();
  readonly #messages: (readonly Message[])[] = [];
  readonly #hint: Dialect | null;
  #current: Assembler | null = null;
  /** An event came that is in no known dialect and is no error. */
  #hasOther = false;

  /** @param hint the dialect that the request's URL suggests: for a stream whose first event is an error. */
  constructor(hint: Dialect | null = null) {
    this.#hint = hint;
  }

  /** All messages so far, in the order in which they began. */
  get messages(): readonly Message[] {
    return this.#messages.flat();
  }

  get problems(): readonly AssemblyProblem[] {
    return this.#problems.list;
  }

  /** Problems that occurred, also those beyond what is kept in `problems`. */
  get problemCount(): number {
    return this.#problems.count;
  }

  push(event: LlmEvent): void {
    const spoken = dialectOfPayload(event.value);
    const known = spoken ?? this.dialect;
    const error = known === null ? eventError(event) : null;
    const dialect = known ?? (error === null ? null : this.#hint);
    if (dialect === null) {
      this.#takeUnknown(event, error);
      return;
    }
    if (this.#current === null || dialect !== this.dialect) {
      if (this.#current !== null) {
        this.#problems.add(
          'dialect-changed',
          event.seq,
          `The stream goes on as ${dialect} after ${this.dialect}`,
        );
      }
      this.#begin(dialect);
    } else if (beginsAnother(this.#current, dialect, event.value)) {
      this.#problems.add('data-after-done', event.seq, 'Another response begins in the same stream');
      this.#begin(dialect);
    } else if (this.#current.terminated && spoken !== null) {
      this.#problems.add('data-after-done', event.seq, 'The stream goes on after its terminal event');
    }
    this.#current?.push(event);
  }

  /**
   * The stream ended: what is unfinished now stays so.
   *
   * @param reason how it ended: after the user stopped it, nothing is missing
   */
  end(reason: EndReason = 'complete'): void {
    this.#current?.end(reason === 'aborted');
  }

  /** An event in no known dialect: an error where it says so by its type, or where nothing but errors came. */
  #takeUnknown(event: LlmEvent, error: string | null): void {
    if (error === null) this.#hasOther ||= !event.sentinel;
    else if (event.type === 'error' || !this.#hasOther) {
      this.#problems.add('error-in-stream', event.seq, errorSentence(error));
    }
  }

  #begin(dialect: Dialect): void {
    this.#current?.end(false);
    this.dialect = dialect;
    this.#current = null;
    if (this.#messages.length >= MAX_RESPONSES) return;
    const assembler = newAssembler(dialect, this.#problems);
    this.#current = assembler;
    this.#messages.push(assembler.messages);
  }
}

/** Whether a payload begins a response of its own although one has begun already: two streams glued together. */
function beginsAnother(current: Assembler, dialect: Dialect, value: JsonValue | undefined): boolean {
  const [first] = current.messages;
  if (first === undefined || !isJsonObject(value)) return false;
  switch (dialect) {
    case 'anthropic-messages': {
      if (value['type'] !== 'message_start') return false;
      // A start that repeats the id, or comes late, begins nothing.
      const id = stringMember(objectMember(value, 'message') ?? undefined, 'id');
      return current.terminated || (first.id !== null && id !== first.id);
    }
    case 'openai-responses':
      return value['type'] === 'response.created';
    case 'openai-chat': {
      const id = stringMember(value, 'id');
      const differs = id !== null && id !== '' && first.id !== null && id !== first.id;
      const begins = arrayMember(value, 'choices').some((choice) => objectMember(choice, 'delta') !== null);
      return differs && begins && current.messages.every((message) => message.finishReason !== null);
    }
    case 'google-generate-content': {
      const id = stringMember(value, 'responseId');
      return id !== null && first.id !== null && id !== first.id && first.finishReason !== null;
    }
    default:
      return assertNever(dialect);
  }
}
