import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { notifyProblem, problemOf, useHost } from './host.ts';
import type { HostQuery, LastAnswer } from './host-queries.ts';

/** What a component wants to know now. */
export interface Question<Params> {
  /** What can be written as JSON. Equal params are the same question. */
  readonly params: Params;
  /** Changes whenever the host may answer the same question differently: it is asked again then. */
  readonly revision?: string;
  /** Asks nothing for now; the last answer stays. */
  readonly paused?: boolean;
}

/** The state of a question. While it is `loading` or `failed`, `data` is the last answer of the same scope. */
export type QueryState<Data> =
  /** There is no question. */
  | { readonly status: 'idle'; readonly data: null }
  | { readonly status: 'loading'; readonly data: Data | null }
  | { readonly status: 'ready'; readonly data: Data }
  /** The host refused. It is asked again with the next revision. */
  | { readonly status: 'failed'; readonly data: Data | null; readonly problem: string };

/**
 * Asks the host, and again whenever params or revision change; the latest question wins. Components that ask the same
 * query about the same scope share one request and its answer, so they must all want the same.
 *
 * @param question null for none
 */
export function useHostQuery<Params, Data>(
  query: HostQuery<Params, Data>,
  question: Question<Params> | null,
): QueryState<Data> {
  const queries = useHost((state) => state.queries);
  const scope = question === null ? null : query.scope(question.params);
  const key = question === null ? null : JSON.stringify(question.params);
  const { revision = '', paused = false } = question ?? {};

  const running = useMemo(
    () => (scope === null ? null : queries.running(query, scope)),
    [queries, query, scope],
  );
  const last = useSyncExternalStore(running?.subscribe ?? subscribeToNothing, running?.last ?? noAnswer);
  useEffect(() => {
    if (key !== null) running?.want({ key, revision, paused });
  }, [running, key, revision, paused]);
  return useMemo(() => queryState(last, key), [last, key]);
}

/** Shows a failure as a notice, for questions whose pane does not show it. */
export function useFailureNotice(state: QueryState<unknown>): void {
  const problem = state.status === 'failed' ? state.problem : null;
  useEffect(() => {
    if (problem !== null) notifyProblem(problem);
  }, [problem]);
}

/** The answer, or the last one while it is loading; null if the question failed. */
export function answerOf<Data>(state: QueryState<Data>): Data | null {
  return state.status === 'failed' ? null : state.data;
}

function queryState<Data>(last: LastAnswer<Data> | null, key: string | null): QueryState<Data> {
  if (key === null) return { status: 'idle', data: null };
  if (last === null || last.key !== key) return { status: 'loading', data: last?.data ?? null };
  if (last.failure === null) return { status: 'ready', data: last.data as Data };
  return { status: 'failed', data: last.data, problem: problemOf(last.failure.reason) };
}

const subscribeToNothing = (): (() => void) => () => {};
const noAnswer = (): null => null;
