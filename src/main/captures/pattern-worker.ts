import { Worker } from 'node:worker_threads';
import { Refusal } from '../../contract/refusal.ts';

/** ms that a batch of texts may take: a pattern that needs more would need for ever. */
const patience = 2000;

/** Runs in the worker. As text, so that no bundler has to know of a second entry file. */
const program = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ source, flags, texts }) => {
  const pattern = new RegExp(source, flags);
  parentPort.postMessage(texts.map((text) => pattern.test(text)));
});
`;

/** A regular expression as the contract's filter means it; refused where it is none. */
export function compilePattern(source: string, caseSensitive: boolean): RegExp {
  try {
    return new RegExp(source, caseSensitive ? 'u' : 'iu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('bad-pattern', `This is no regular expression: ${reason}`, { cause: error });
  }
}

/**
 * Tests texts against regular expressions in a thread of its own: an expression can take longer than anybody waits, and
 * the only way to stop it is to end its thread.
 */
export class PatternWorker {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Which of the texts match. Rejects with a `bad-pattern` refusal where the pattern takes too long. */
  test(pattern: RegExp, texts: readonly string[]): Promise<readonly boolean[]> {
    const answer = this.#last.then(() => this.#test(pattern, texts));
    this.#last = answer.catch(() => {});
    return answer;
  }

  close(): void {
    this.#closed = true;
    void this.#worker?.terminate();
  }

  #test(pattern: RegExp, texts: readonly string[]): Promise<readonly boolean[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Refusal('no-such-capture', 'The capture was closed meanwhile.'));
        return;
      }
      const worker = (this.#worker ??= new Worker(program, { eval: true }));
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        worker.removeAllListeners();
        worker.unref();
        then();
      };
      const end = (refusal: Refusal): void => {
        this.#worker = null;
        void worker.terminate();
        settle(() => reject(refusal));
      };
      const timer = setTimeout(() => {
        end(new Refusal('bad-pattern', 'This regular expression takes too long on this capture.'));
      }, patience);
      worker.ref();
      worker.on('message', (matches: readonly boolean[]) => settle(() => resolve(matches)));
      worker.on('error', (error) =>
        end(new Refusal('bad-pattern', `The search failed: ${error.message}`, { cause: error })),
      );
      worker.on('exit', () => end(new Refusal('bad-pattern', 'The search was ended.')));
      worker.postMessage({ source: pattern.source, flags: pattern.flags, texts });
    });
  }
}
