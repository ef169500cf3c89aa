import type { Block } from './block.ts';

/**
 * A log line that a server writes into its event stream as a comment. Clients ignore it; a reader of the bytes learns
 * what the server did and when. `docs/log-lines.md` has the format and example code.
 */
export type ServerLogLine =
  /** `: yield 0 1732456789123.4`: the next event is yield number `n`, made at `at` ms on the server's clock. */
  | { readonly kind: 'yield'; readonly n: number; readonly at: number }
  /** `: context 3f0c…`: the request that the code which makes the next event takes itself to serve. */
  | { readonly kind: 'context'; readonly id: string }
  /** `: open 2`: streams of this endpoint that are open at the server, this one included. */
  | { readonly kind: 'open'; readonly count: number };

/** A comment as a log line; null for any other comment. `comment` is its text after the colon and one space. */
export function parseServerLogLine(comment: string): ServerLogLine | null {
  // Keep-alives are comments too: most fail at the first letter.
  if (!/^\s*[yco]/.test(comment)) return null;
  const line = comment.trim();
  const yielded = /^yield (\d{1,15}) (\d{1,15}(?:\.\d{1,9})?)$/.exec(line);
  if (yielded !== null) return { kind: 'yield', n: Number(yielded[1]), at: Number(yielded[2]) };
  const context = /^context (\S{1,200})$/.exec(line);
  if (context?.[1] !== undefined) return { kind: 'context', id: context[1] };
  const open = /^open (\d{1,9})$/.exec(line);
  return open === null ? null : { kind: 'open', count: Number(open[1]) };
}

/** A yield as the server logged it. */
interface ServerYield {
  /** Number that the server gave it. */
  readonly n: number;
  /** ms on the server's clock, with any epoch. */
  readonly at: number;
  /** Number of the event that came next; null if another yield was logged before an event came. */
  readonly seq: number | null;
}

/** The log lines of a stream. Empty if the server writes none. */
export interface ServerLog {
  readonly yields: readonly ServerYield[];
  /** The first logged count of open streams, or null. */
  readonly open: number | null;
  /** Logged contexts, each with the number of the next event. */
  readonly contexts: readonly { readonly id: string; readonly seq: number | null }[];
}

/**
 * Collects the log lines of a stream. A log line precedes its event, in the same block or in a separate one.
 */
export class ServerLogReader implements ServerLog {
  readonly yields: ServerYield[] = [];
  readonly contexts: { readonly id: string; readonly seq: number | null }[] = [];
  open: number | null = null;
  #yield: Extract<ServerLogLine, { kind: 'yield' }> | null = null;
  #context: string | null = null;

  push(block: Block): void {
    for (const line of block.log) {
      if (line.kind === 'yield') {
        this.#endYield(null);
        this.#yield = line;
      } else if (line.kind === 'context') this.#context = line.id;
      else this.open ??= line.count;
    }
    if (block.seq === null) return;
    this.#endYield(block.seq);
    if (this.#context !== null) this.contexts.push({ id: this.#context, seq: block.seq });
    this.#context = null;
  }

  /** Ends the stream. A pending yield gets no event. */
  end(): void {
    this.#endYield(null);
  }

  #endYield(seq: number | null): void {
    if (this.#yield === null) return;
    this.yields.push({ n: this.#yield.n, at: this.#yield.at, seq });
    this.#yield = null;
  }
}

/** The log lines of a whole stream. */
export function readServerLog(blocks: readonly Block[]): ServerLog {
  const reader = new ServerLogReader();
  for (const block of blocks) reader.push(block);
  reader.end();
  return reader;
}
