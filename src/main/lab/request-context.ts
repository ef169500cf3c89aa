import { AsyncLocalStorage } from 'node:async_hooks';

/** The async context of one request of the lab. */
export interface RequestContext {
  /** Id of the request: from the client (`x-request-id`, or `request` in the query), or generated. */
  readonly id: string;
  /** Id of the endpoint that answers. */
  readonly endpoint: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` in a context. Everything that it starts sees the context too. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the current request; null outside a request. */
export function currentContext(): RequestContext | null {
  return storage.getStore() ?? null;
}

/**
 * Binds a listener to the current context. Without this, an event emitter calls its listeners in the context of the code
 * that emits: `close` of a socket would not see the request.
 */
export function bindContext<Args extends readonly unknown[]>(
  listener: (...args: Args) => void,
): (...args: Args) => void {
  const context = storage.getStore();
  return context === undefined ? listener : (...args) => storage.run(context, () => listener(...args));
}
