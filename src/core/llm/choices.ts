import type { Problems } from './assembly.ts';
import { errorSentence } from './provider-error.ts';
import type { DialectName } from './dialects.ts';
import { newMessage, type Message } from './message.ts';

/** The most choices of one response: no model sends more. */
const MAX_CHOICES = 1000;

/** The messages of a response with several choices (candidates), by index. */
export class Choices {
  /** In the order in which they began. */
  readonly messages: Message[] = [];
  readonly #dialect: DialectName;
  readonly #problems: Problems;
  readonly #byIndex = new Map<number, Message>();

  constructor(dialect: DialectName, problems: Problems) {
    this.#dialect = dialect;
    this.#problems = problems;
  }

  /** The message at an index, created if needed; null if there are too many. */
  at(index: number, seq: number): Message | null {
    const known = this.#byIndex.get(index);
    if (known !== undefined) return known;
    if (this.#byIndex.size >= MAX_CHOICES) return null;
    const message = newMessage(this.#dialect, index, seq);
    this.#byIndex.set(index, message);
    this.messages.push(message);
    return message;
  }

  /** The provider sent an error instead of the rest: all messages failed, or a first one that did not begin. */
  fail(text: string, seq: number): void {
    this.#problems.add('error-in-stream', seq, errorSentence(text));
    if (this.messages.length === 0) this.at(0, seq);
    for (const message of this.messages) {
      message.error ??= { message: text, seq };
      message.complete = false;
    }
  }
}
