import { Worker } from 'node:worker_threads';
import { Refusal } from '../../contract/refusal.ts';
import { captureClosed } from './capture-refusals.ts';

/** ms that a batch of texts may take. */
const patience = 2000;

/** Runs in the worker. As text, so that the build needs no second entry file. */
const program = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ source, flags, texts }) => {
  const pattern = new RegExp(source, flags);
  parentPort.postMessage(texts.map((text) => pattern.test(text)));
});
`;

/** A call that waits for the worker. */
interface Waiting {
  readonly resolve: (matches: readonly boolean[]) => void;
  readonly reject: (refusal: Refusal) => void;
}

/**
 * Tests texts against regular expressions in a separate thread. An expression may take forever, and only the end of its
 * thread stops it.
 */
export class PatternWorker {
  #worker: Worker | null = null;
  #waiting: Waiting | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Which of the texts match. Rejects with a `Refusal` (`bad-pattern`) if the pattern takes too long. */
  test(pattern: RegExp, texts: readonly string[]): Promise<readonly boolean[]> {
    const answer = this.#last.then(() => this.#test(pattern, texts));
    this.#last = answer.catch(() => {});
    return answer;
  }

  close(): void {
    this.#closed = true;
    this.#end(captureClosed());
  }

  async #test({ source, flags }: RegExp, texts: readonly string[]): Promise<readonly boolean[]> {
    if (this.#closed) throw captureClosed();
    const worker = (this.#worker ??= this.#start());
    const timer = setTimeout(() => {
      this.#end(new Refusal('bad-pattern', 'This regular expression takes too long on this capture.'));
    }, patience);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        worker.ref();
        worker.postMessage({ source, flags, texts });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = null;
      // An idle worker does not keep the process alive.
      worker.unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(program, { eval: true });
    worker.on('message', (matches: readonly boolean[]) => this.#waiting?.resolve(matches));
    worker.on('error', (error) => {
      this.#end(new Refusal('bad-pattern', `The search failed: ${error.message}`, { cause: error }));
    });
    return worker;
  }

  #end(refusal: Refusal): void {
    void this.#worker?.terminate();
    this.#worker = null;
    this.#waiting?.reject(refusal);
  }
}
