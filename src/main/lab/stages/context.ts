import { breaksOfRung } from '../../../contract/ladder.ts';
import { z } from 'zod';
import { addAbortSignal, PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type LabEvent, event, pause } from '../lab-event.ts';
import type { ModelCall } from '../model-calls.ts';
import { currentContext } from '../request-context.ts';
import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import { type LabParts, streamRoute } from '../stream-route.ts';

/** Where the generator reads its context. */
type ContextPlace = 'start' | 'timer' | 'immediate' | 'upstream';

/** How long `leak-upstream` leaks, ms. */
const leakTime = 5000;

/** Rung 7: every yield sees the context of its request, and nothing stays open. */
export const contextStage = streamRoute({
  id: 'context',
  path: '/stages/context',
  title: 'Rung 7: context and clean-up',
  description:
    'Each event names the request that its code sees, after timers and upstream calls. The stream ends with its client.',
  query: {
    source: oneOfFirst(['steps', 'model']),
    count: wholeNumber({ min: 1, max: 1_000_000, default: 10 }),
    delay: wholeNumber({ min: 0, max: 60_000, default: 20 }),
    /** Bytes of filler in each event, to fill the buffers of slow readers. */
    size: wholeNumber({ min: 0, max: 1024 * 1024, default: 0 }),
    prompt: z.string().max(10_000).default('Whose request is this?'),
    break: oneOf(breaksOfRung(7)),
  },
  plan: ({ source, count, delay, size, prompt, break: fault }, { parts, requestId }) => {
    const upstream = { ...parts.upstreams.get(undefined), query: { delay: String(delay) } };
    return {
      events: (signal) => {
        if (source === 'steps')
          return steps({ count, delay, filler: 'x'.repeat(size) }, requestId, parts, signal);
        const call = { upstream, api: 'chat', prompt, signal } as const;
        return fault === 'leak-upstream' ? leaky(call, requestId, parts) : tokens(call, requestId, parts);
      },
      fault: fault === 'premature-close' || fault === 'ignore-backpressure' ? fault : null,
      ...(fault === 'lose-context' ? { pull: (next) => pump.run(next) } : {}),
    };
  },
});

/** An event with the request's id as an argument and as the context has it. They differ if the context was lost. */
function seen(
  requestId: string,
  place: ContextPlace,
  n: number,
  more: { [key: string]: string } = {},
): LabEvent {
  return event(
    JSON.stringify({ n, place, request: requestId, context: currentContext()?.id ?? null, ...more }),
  );
}

async function* steps(
  { count, delay, filler }: { count: number; delay: number; filler: string },
  requestId: string,
  parts: LabParts,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  const more: { [key: string]: string } = filler === '' ? {} : { filler };
  try {
    for (let n = 0; n < count; n++) {
      if (n === 0) yield seen(requestId, 'start', n, more);
      else if (n % 2 === 1) {
        if (delay > 0) await pause(delay, signal);
        yield seen(requestId, 'timer', n, more);
      } else {
        await turn(undefined, { signal });
        yield seen(requestId, 'immediate', n, more);
      }
    }
  } finally {
    parts.log.line(`steps of ${requestId} are over`);
  }
}

async function* tokens(call: ModelCall, requestId: string, parts: LabParts): AsyncGenerator<LabEvent> {
  yield seen(requestId, 'start', 0);
  let n = 1;
  try {
    for await (const chunk of parts.calls.stream(call))
      yield seen(requestId, 'upstream', n++, { id: idOf(chunk) });
  } finally {
    parts.log.line(`the upstream call of ${requestId} is over`);
  }
}

/**
 * The mistake of `leak-upstream`: a loop reads the upstream into a queue and does not notice that the client has gone. It
 * ends with the answer, with the lab, or after `leakTime`.
 */
async function* leaky(call: ModelCall, requestId: string, parts: LabParts): AsyncGenerator<LabEvent> {
  const queue = new PassThrough({ objectMode: true, highWaterMark: 1_000_000 });
  queue.write(seen(requestId, 'start', 0));
  const signal = AbortSignal.any([parts.closing, AbortSignal.timeout(leakTime)]);
  void fill(queue, { ...call, signal }, requestId, parts);
  for await (const each of addAbortSignal(call.signal, queue)) yield each as LabEvent;
}

async function fill(queue: PassThrough, call: ModelCall, requestId: string, parts: LabParts): Promise<void> {
  let n = 1;
  try {
    for await (const chunk of parts.calls.stream(call)) {
      if (!queue.destroyed) queue.write(seen(requestId, 'upstream', n++, { id: idOf(chunk) }));
    }
  } catch {
    // The lab closes, or the time is up.
  }
  queue.end();
}

function idOf(chunk: object): string {
  return 'id' in chunk && typeof chunk.id === 'string' ? chunk.id : '';
}

/**
 * A queue that one loop works off for all requests. The work sees the context of the request that started the loop, not of
 * the one that queued it. Pools, batchers and event emitters lose an async context this way. Only a break uses it.
 */
class SharedPump {
  readonly #queue: (() => Promise<void>)[] = [];
  #running = false;

  /** Runs `work` with the next round of the loop. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(() => work().then(resolve, reject));
      if (!this.#running) void this.#loop();
    });
  }

  async #loop(): Promise<void> {
    this.#running = true;
    const running = new Set<Promise<void>>();
    while (this.#queue.length > 0 || running.size > 0) {
      for (const work of this.#queue.splice(0)) {
        const done: Promise<void> = work().finally(() => running.delete(done));
        running.add(done);
      }
      // Checks for new work until all work is done.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}

/** One loop for all requests: the mistake of `lose-context`. */
const pump = new SharedPump();
