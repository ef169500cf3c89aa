import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostQuery } from '../../../src/renderer/state/host-queries.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { useHostQuery, type Question } from '../../../src/renderer/state/use-host-query.ts';
import { FakeHost } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

interface Params {
  readonly capture: string;
  readonly row: number;
}

/** A request that the test answers. */
interface Request extends Params {
  readonly before: string | null;
  readonly answer: (data: string) => void;
  readonly refuse: (reason: Error) => void;
}

beforeEach(() => {
  resetSlices();
  useHost.getState().attach(new FakeHost());
});

/** A query whose requests wait for the test. */
function slowQuery(options: Partial<HostQuery<Params, string>> = {}) {
  const requests: Request[] = [];
  const query: HostQuery<Params, string> = {
    ask: (params, before) =>
      new Promise((answer, refuse) => requests.push({ ...params, before, answer, refuse })),
    scope: ({ capture }) => capture,
    ...options,
  };
  const ask = (question: Question<Params> | null) =>
    mount(({ question }: { question: Question<Params> | null }) => useHostQuery(query, question), {
      question,
    });
  return { requests, ask };
}

const a = { capture: 'a', row: 1 };
const asked = (requests: readonly Request[]) => requests.map(({ capture, row }) => `${capture} ${row}`);

describe('a question to the host', () => {
  it('is loading until the answer comes, and then ready', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    expect(hook.result()).toEqual({ status: 'loading', data: null });
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(hook.result()).toEqual({ status: 'ready', data: 'one' }));
  });

  it('is not asked while it is null', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask(null);
    await vi.waitFor(() => expect(hook.results).toHaveLength(1));
    expect(hook.result()).toEqual({ status: 'idle', data: null });
    hook.update({ question: { params: a } });
    await vi.waitFor(() => expect(asked(requests)).toEqual(['a 1']));
  });

  it('keeps the last answer while it is paused, and asks when it goes on', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a, revision: '1' });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(hook.result().status).toBe('ready'));
    hook.update({ question: { params: a, revision: '2', paused: true } });
    hook.update({ question: { params: a, revision: '3', paused: true } });
    await vi.waitFor(() => expect(hook.results.length).toBeGreaterThan(2));
    expect(hook.result()).toEqual({ status: 'ready', data: 'one' });
    hook.update({ question: { params: a, revision: '4' } });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
  });

  it('shows the last answer until that of the next revision arrives', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a, revision: '1' });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(hook.result().status).toBe('ready'));
    hook.update({ question: { params: a, revision: '2' } });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    requests[1]?.answer('two');
    await vi.waitFor(() => expect(hook.result().data).toBe('two'));
    expect(hook.results.slice(2).every(({ status }) => status === 'ready')).toBe(true);
  });

  it('sends one request at a time, and then only the latest question', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    for (const row of [2, 3, 4]) {
      const before = hook.results.length;
      hook.update({ question: { params: { capture: 'a', row } } });
      await vi.waitFor(() => expect(hook.results.length).toBeGreaterThan(before));
    }
    expect(asked(requests)).toEqual(['a 1']);
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(asked(requests)).toEqual(['a 1', 'a 4']));
    // Newer than what was shown, but not the answer to the latest question.
    expect(hook.result()).toEqual({ status: 'loading', data: 'one' });
    requests[1]?.answer('four');
    await vi.waitFor(() => expect(hook.result()).toEqual({ status: 'ready', data: 'four' }));
  });

  it('drops the answer about a capture that is no longer shown, and does not wait for it', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    hook.update({ question: { params: { capture: 'b', row: 1 } } });
    await vi.waitFor(() => expect(asked(requests)).toEqual(['a 1', 'b 1']));
    requests[0]?.answer('about a');
    requests[1]?.answer('about b');
    await vi.waitFor(() => expect(hook.result()).toEqual({ status: 'ready', data: 'about b' }));
    expect(hook.results.map(({ data }) => data)).not.toContain('about a');
  });

  it('never shows the answer about one capture for another', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('about a');
    await vi.waitFor(() => expect(hook.result().data).toBe('about a'));
    const before = hook.results.length;
    hook.update({ question: { params: { capture: 'b', row: 1 } } });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    expect(hook.results.slice(before).every(({ data }) => data === null)).toBe(true);
  });

  it('reports a failure with the last answer, and is asked again with the next revision', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a, revision: '1' });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(hook.result().status).toBe('ready'));
    hook.update({ question: { params: a, revision: '2' } });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    requests[1]?.refuse(new Error('gone'));
    await vi.waitFor(() => expect(hook.result()).toEqual({ status: 'failed', data: 'one', problem: 'gone' }));
    expect(requests).toHaveLength(2);
    hook.update({ question: { params: a, revision: '3' } });
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    requests[2]?.answer('three');
    await vi.waitFor(() => expect(hook.result()).toEqual({ status: 'ready', data: 'three' }));
  });

  it('does not show the failure of an outdated question', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const before = hook.results.length;
    hook.update({ question: { params: { capture: 'a', row: 2 } } });
    await vi.waitFor(() => expect(hook.results.length).toBeGreaterThan(before));
    requests[0]?.refuse(new Error('no such row'));
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    requests[1]?.answer('two');
    await vi.waitFor(() => expect(hook.result().data).toBe('two'));
    expect(hook.results.map(({ status }) => status)).not.toContain('failed');
  });

  it('is cancelled when its component unmounts', async () => {
    const { requests, ask } = slowQuery();
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    hook.unmount();
    requests[0]?.answer('late');
    const next = ask({ params: a });
    // The late answer was dropped, so the question is asked again.
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    expect(next.result()).toEqual({ status: 'loading', data: null });
  });

  it('is asked once for all components that share it', async () => {
    const { requests, ask } = slowQuery();
    const [first, second] = [ask({ params: a }), ask({ params: a })];
    await vi.waitFor(() => expect(second.results.length).toBeGreaterThan(0));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(first.result()).toEqual({ status: 'ready', data: 'one' }));
    await vi.waitFor(() => expect(second.result()).toEqual({ status: 'ready', data: 'one' }));
    first.unmount();
    second.update({ question: { params: a, revision: '2' } });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
  });
});

describe('a query', () => {
  it('that adds to its answer gets the last one, and is asked again until it is whole', async () => {
    const { requests, ask } = slowQuery({ isWhole: (data) => data.endsWith('.') });
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    expect(requests.map(({ before }) => before)).toEqual([null, 'one']);
    expect(hook.result()).toEqual({ status: 'ready', data: 'one' });
    requests[1]?.answer('one, two.');
    await vi.waitFor(() => expect(hook.result().data).toBe('one, two.'));
    expect(requests).toHaveLength(2);
  });

  it('that retains its answer shows it at once to the next component', async () => {
    const { requests, ask } = slowQuery({ retain: true });
    const first = ask({ params: a, revision: '1' });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    requests[0]?.answer('one');
    await vi.waitFor(() => expect(first.result().status).toBe('ready'));
    first.unmount();
    const second = ask({ params: a, revision: '2' });
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    expect(second.results[0]).toEqual({ status: 'ready', data: 'one' });
    expect(requests[1]?.before).toBe('one');
  });

  it('that retains its answer keeps that of one capture only', async () => {
    const { requests, ask } = slowQuery({ retain: true });
    for (const capture of ['a', 'b']) {
      const hook = ask({ params: { capture, row: 1 } });
      await vi.waitFor(() => expect(requests.at(-1)?.capture).toBe(capture));
      requests.at(-1)?.answer(`about ${capture}`);
      await vi.waitFor(() => expect(hook.result().status).toBe('ready'));
      hook.unmount();
    }
    const hook = ask({ params: a });
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    expect(hook.result()).toEqual({ status: 'loading', data: null });
  });

  it('with a pace waits that long between two requests, about any capture', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    try {
      const { requests, ask } = slowQuery({ pace: 500 });
      const hook = ask({ params: a });
      await vi.waitFor(() => expect(requests).toHaveLength(1), { interval: 0 });
      requests[0]?.answer('one');
      await vi.waitFor(() => expect(hook.result().status).toBe('ready'));
      for (const capture of ['b', 'c']) hook.update({ question: { params: { capture, row: 1 } } });
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
      vi.advanceTimersByTime(499);
      expect(requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await vi.waitFor(() => expect(asked(requests)).toEqual(['a 1', 'c 1']));
    } finally {
      vi.useRealTimers();
    }
  });
});
