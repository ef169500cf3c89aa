import { performance } from 'node:perf_hooks';
import type { MessageSource, MessageSpan, MessagesView } from '../../contract/message-view.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { EndReason } from '../../core/capture/record.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { StreamHead } from '../../core/llm/dialect.ts';
import type { AssemblyProblem } from '../../core/llm/assembly.ts';
import type { GrowingText } from '../../core/llm/growing-text.ts';
import { MessageAssembler } from '../../core/llm/message-assembler.ts';
import { isTextPart, type MessageEnd, messageEndOf, type MessagePart } from '../../core/llm/message.ts';
import type { CaptureContent } from './capture-content.ts';
import type { DocumentText, DocumentTexts } from './document-texts.ts';
import { viewMessages, type KnownLengths } from './message-views.ts';

/** Documents per read. */
const ROWS_AT_ONCE = 256;
/** A document above this many bytes cannot be a delta of a message. */
const MOST_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** ms after which a call returns what it has so far. */
const PATIENCE_MS = 40;
const MOST_BEFORE = 80;
const MOST_SPAN = 2000;

/**
 * The messages of one capture. They are assembled on demand from the documents on disk, each call continuing where the last
 * one stopped: a capture that is not shown costs nothing, and a live one is followed delta by delta.
 */
export class MessageReader {
  readonly #index: CaptureIndex;
  readonly #documents: DocumentTexts;
  readonly #assembler: MessageAssembler;
  #row = 0;
  #ended = false;
  /** Calls run one after the other, because documents must be read in order. */
  #reading: Promise<void> = Promise.resolve();

  constructor({ index, documents }: CaptureContent, head: StreamHead) {
    this.#index = index;
    this.#documents = documents;
    this.#assembler = new MessageAssembler(head);
  }

  /**
   * The messages as far as they are read, each text from its `known` length on.
   *
   * @param ended how the stream ended; null while it runs
   */
  async view(known: KnownLengths, ended: EndReason | null): Promise<MessagesView> {
    await this.#advance(ended);
    return viewMessages(this.#assembler, known, this.#row >= this.#index.documents);
  }

  /** Problems of the messages and how they ended, after all documents so far are read. */
  async whole(
    ended: EndReason | null,
  ): Promise<{ readonly problems: readonly AssemblyProblem[]; readonly messageEnd: MessageEnd }> {
    do await this.#advance(ended);
    while (this.#row < this.#index.documents);
    const { problems, messages } = this.#assembler;
    return { problems, messageEnd: messageEndOf(messages) };
  }

  /** The event that brought a character; null if there is no such character. */
  source(message: number, part: number, position: number): MessageSource | null {
    const found = this.#assembler.messages[message]?.parts[part];
    const span = found === undefined ? null : textOf(found)?.spanAt(position);
    if (span === null || span === undefined) return null;
    return { message, part, ...span, row: this.#index.blockOfSeq(span.seq) };
  }

  /** What an event brought, in all messages. */
  async spans(seq: number, ended: EndReason | null): Promise<readonly MessageSpan[]> {
    await this.#advance(ended);
    const spans: MessageSpan[] = [];
    for (const [message, { parts, firstSeq, lastSeq }] of this.#assembler.messages.entries()) {
      if (seq < firstSeq || seq > lastSeq) continue;
      for (const [part, one] of parts.entries()) {
        const text = textOf(one);
        const span = text?.spanOf(seq) ?? null;
        if (text === null || span === null || one.kind === 'other') continue;
        const whole = text.toString();
        spans.push({
          message,
          part,
          ...span,
          kind: one.kind,
          before: whole.slice(Math.max(0, span.from - MOST_BEFORE), span.from),
          text: whole.slice(span.from, Math.min(span.to, span.from + MOST_SPAN)),
        });
      }
    }
    return spans;
  }

  #advance(ended: EndReason | null): Promise<void> {
    const next = this.#reading.then(() => this.#read(ended));
    this.#reading = next.catch(() => undefined);
    return next;
  }

  async #read(ended: EndReason | null): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (this.#row < this.#index.documents && performance.now() < until) {
      const to = Math.min(this.#row + ROWS_AT_ONCE, this.#index.documents);
      const rows = Array.from({ length: to - this.#row }, (_, n) => this.#row + n);
      for (const document of await this.#documents.read(rows, MOST_DOCUMENT_BYTES)) this.#push(document);
      this.#row = to;
    }
    if (ended !== null && !this.#ended && this.#row >= this.#index.documents) {
      this.#ended = true;
      this.#assembler.end(ended);
    }
  }

  #push(document: DocumentText): void {
    this.#assembler.push({
      seq: document.events[1],
      type: document.blocks.at(-1)?.type ?? 'message',
      value: document.state === 'complete' ? parsed(document.text) : undefined,
      sentinel: document.state === 'sentinel',
      text: document.text,
    });
  }
}

/** Undefined if the text was too large to be read in full. */
function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function textOf(part: MessagePart): GrowingText | null {
  if (isTextPart(part)) return part.text;
  return part.kind === 'tool-call' ? part.arguments : null;
}
