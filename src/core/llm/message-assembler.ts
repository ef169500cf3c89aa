import type { EndReason } from '../capture/record.ts';
import { isJsonObject } from '../json/json-value.ts';
import { Problems, type Assembler, type AssemblyProblem, type LlmEvent } from './assembly.ts';
import type { Dialect, StreamHead } from './dialect.ts';
import { dialectOfPayload, dialectSuggestedBy, type DialectName } from './dialects.ts';
import type { Message } from './message.ts';
import { errorSentence, eventError } from './provider-error.ts';

/** Responses that one stream may hold, glued together: beyond, what comes is not assembled. */
const MAX_RESPONSES = 1000;

/**
 * From events to messages: tells the dialect from the payloads, and hands the events to its state machine. A stream
 * that changes its dialect, or holds several responses, gives the messages of all of them, in order. A stream in no
 * known dialect has no message, which is no error.
 */
export class MessageAssembler {
  readonly #problems = new Problems();
  readonly #messages: (readonly Message[])[] = [];
  readonly #head: StreamHead;
  /** Of the newest response; null until one is recognised. */
  #dialect: Dialect<DialectName> | null = null;
  #current: Assembler | null = null;
  /** An event came that is neither in a known dialect nor an error. */
  #hasOther = false;

  /** @param head suggests a dialect, for a stream whose first event is an error; its response may come later */
  constructor(head: StreamHead) {
    this.#head = head;
  }

  /** Of the newest response; null until one is recognised. */
  get dialect(): DialectName | null {
    return this.#dialect?.id ?? null;
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
    const spoken = dialectOfPayload(event.value, this.#head);
    const known = spoken ?? this.#dialect;
    const error = known === null ? eventError(event) : null;
    const dialect = known ?? (error === null ? null : dialectSuggestedBy(this.#head));
    if (dialect === null) {
      this.#takeUnknown(event, error);
      return;
    }
    if (this.#current === null || dialect !== this.#dialect) {
      if (this.#current !== null) {
        this.#problems.add(
          'dialect-changed',
          event.seq,
          `The stream goes on as ${dialect.id} after ${this.dialect}`,
        );
      }
      this.#begin(dialect);
    } else if (this.#beginsAnother(this.#current, dialect, event)) {
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

  #beginsAnother(current: Assembler, dialect: Dialect<DialectName>, { value }: LlmEvent): boolean {
    const [first] = current.messages;
    return first !== undefined && isJsonObject(value) && dialect.beginsAnother(value, first, current);
  }

  #begin(dialect: Dialect<DialectName>): void {
    this.#current?.end(false);
    this.#dialect = dialect;
    this.#current = null;
    if (this.#messages.length >= MAX_RESPONSES) return;
    const assembler = dialect.begin(this.#problems);
    this.#current = assembler;
    this.#messages.push(assembler.messages);
  }
}
