import type { EndReason } from '../capture/record.ts';
import { isJsonObject } from '../json/json-value.ts';
import { Problems, type Assembler, type AssemblyProblem, type LlmEvent } from './assembly.ts';
import type { Dialect, StreamHead } from './dialect.ts';
import { dialectOfPayload, dialectSuggestedBy, type DialectName } from './dialects.ts';
import type { Message } from './message.ts';
import { errorSentence, eventError } from './provider-error.ts';

/** The most responses in one stream; later ones are not assembled. */
const MAX_RESPONSES = 1000;

/**
 * Assembles messages from events: detects the dialect from the payloads and passes the events to its state machine. A
 * stream that changes its dialect, or has several responses, gives the messages of all, in order. A stream in no known
 * dialect has no messages; that is not an error.
 */
export class MessageAssembler {
  readonly #problems = new Problems();
  readonly #messages: (readonly Message[])[] = [];
  readonly #head: StreamHead;
  /** Dialect of the newest response; null until one is recognised. */
  #dialect: Dialect<DialectName> | null = null;
  #current: Assembler | null = null;
  /** An event came that is in no known dialect and not an error. */
  #hasOther = false;

  /** @param head suggests a dialect if the first event is an error; its response may come later */
  constructor(head: StreamHead) {
    this.#head = head;
  }

  /** Dialect of the newest response; null until one is recognised. */
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

  /** Number of problems, including those not kept in `problems`. */
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
          `The stream continues as ${dialect.id} after ${this.dialect}`,
        );
      }
      this.#begin(dialect);
    } else if (this.#beginsAnother(this.#current, dialect, event)) {
      this.#problems.add('data-after-done', event.seq, 'The same stream has another response');
      this.#begin(dialect);
    } else if (this.#current.terminated && spoken !== null) {
      this.#problems.add('data-after-done', event.seq, 'The stream continues after its terminal event');
    }
    this.#current?.push(event);
  }

  /**
   * Ends the stream: incomplete messages stay incomplete.
   *
   * @param reason how it ended; if the user stopped it, nothing counts as missing
   */
  end(reason: EndReason = 'complete'): void {
    this.#current?.end(reason === 'aborted');
  }

  /** Reads an event in no known dialect: an error by its type, or if only errors came so far. */
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
