import { stringMember } from '../../json/json-value.ts';
import type { NoteRecord } from '../../capture/record.ts';
import type { Block } from '../../sse/block.ts';
import { Instances } from './instances.ts';

/** The most bodies whose count of open streams is kept. */
const MOST_BODIES = 100;

/** Open streams that the server logged at the start of a body. */
interface OpenCount {
  readonly open: number;
  /** How the body before it ended; null for the first. */
  readonly endBefore: string | null;
  /** The first event after the log line. */
  readonly seq: number;
}

/** Facts from the log lines of the server in the stream (`docs/log-lines.md`). Fixed size. */
export class ServerFacts {
  /** Contexts other than the first of their body, with the next event. */
  readonly otherContexts = new Instances<{
    readonly id: string;
    readonly first: string;
    readonly seq: number;
  }>();
  /** The first context of each body. */
  readonly contexts: { readonly id: string; readonly seq: number }[] = [];
  readonly opens: OpenCount[] = [];
  #bodyContext: string | null = null;
  #hasOpen = false;
  #endBefore: string | null = null;

  /** @param events number of events before the block */
  block(block: Block, events: number): void {
    for (const line of block.log) {
      if (line.kind === 'context') this.#context(line.id, events);
      else if (line.kind === 'open' && !this.#hasOpen) {
        this.#hasOpen = true;
        if (this.opens.length < MOST_BODIES)
          this.opens.push({ open: line.count, endBefore: this.#endBefore, seq: events });
      }
    }
  }

  /** A reconnection begins another body. */
  reconnect({ fields }: NoteRecord): void {
    this.#bodyContext = null;
    this.#hasOpen = false;
    this.#endBefore = stringMember(fields, 'reason');
  }

  #context(id: string, seq: number): void {
    if (this.#bodyContext === null) {
      this.#bodyContext = id;
      if (this.contexts.length < MOST_BODIES) this.contexts.push({ id, seq });
      return;
    }
    const first = this.#bodyContext;
    if (id !== first) this.otherContexts.add(() => ({ id, first, seq }));
  }
}
