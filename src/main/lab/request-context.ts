import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to one request of the lab and must reach everything that is done for it. */
export interface RequestContext {
  /** The request's id, as the client gave it (`x-request-id`, or `request` in the query) or made by the lab. */
  readonly id: string;
  /** The endpoint that answers, by its id. */
  readonly endpoint: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` so that everything it starts, however late, sees `context`. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of whatever request the caller works for, or null outside of any. */
export function currentContext(): RequestContext | null {
  return storage.getStore() ?? null;
}

/**
 * Binds a listener to the context of the moment. Emitters call their listeners in the context of whoever
 * emits: a socket's `close` knows nothing of the request that is being answered on it.
 */
export function bindContext<Args extends readonly unknown[]>(
  listener: (...args: Args) => void,
): (...args: Args) => void {
  const context = storage.getStore();
  return context === undefined ? listener : (...args) => storage.run(context, () => listener(...args));
}
