import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MessagesView, MessageView, PartView } from '../../../src/contract/message-view.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { merged, messagesQuery, noMessages } from '../../../src/renderer/message/messages.ts';
import { useHostQuery } from '../../../src/renderer/state/use-host-query.ts';
import { FakeHost, idOf } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

const text = (from: number, added: string, done = false): PartView => ({
  kind: 'text',
  from,
  text: added,
  length: from + added.length,
  done,
  extras: [],
});

const call = (from: number, added: string, isJson = true): PartView => ({
  kind: 'tool-call',
  type: 'function',
  id: 'c',
  name: 'f',
  index: null,
  from,
  text: added,
  length: from + added.length,
  isJson,
  given: null,
  status: null,
  output: null,
  done: false,
  problem: null,
});

const message = (...parts: PartView[]): MessageView => ({
  dialect: 'openai-chat',
  choice: 0,
  id: null,
  model: null,
  role: 'assistant',
  finishReason: null,
  usage: null,
  extras: [],
  error: null,
  complete: false,
  events: [0, 1],
  parts,
});

const view = (whole: boolean, ...messages: MessageView[]): MessagesView => ({
  dialect: 'openai-chat',
  whole,
  messages,
  problems: [],
  problemCount: 0,
});

describe('merged', () => {
  it('appends new text to the known text', () => {
    const first = merged(noMessages, view(false, message(text(0, 'Hel'))));
    const second = merged(first, view(true, message(text(3, 'lo', true))));
    expect(second.messages[0]?.parts[0]).toMatchObject({ text: 'Hello', done: true, length: 5 });
    expect(second.whole).toBe(true);
  });

  it('keeps a text without news, and adds overlapping text only once', () => {
    const first = merged(noMessages, view(true, message(text(0, 'Hello'))));
    expect(merged(first, view(true, message(text(5, '')))).messages[0]?.parts[0]).toMatchObject({
      text: 'Hello',
    });
    expect(merged(first, view(true, message(text(3, 'lo!')))).messages[0]?.parts[0]).toMatchObject({
      text: 'Hello!',
    });
  });

  it('adds messages and parts that begin later', () => {
    const first = merged(noMessages, view(true, message(text(0, 'a'))));
    const second = merged(first, view(true, message(text(1, ''), call(0, '{')), message(text(0, 'b'))));
    expect(
      second.messages.map(({ parts }) => parts.map((part) => (part.kind === 'other' ? '' : part.text))),
    ).toEqual([['a', '{'], ['b']]);
  });

  it('grows one tree of a call’s arguments, reading each character once', () => {
    const first = merged(noMessages, view(true, message(call(0, '{"a":1'))));
    const [part] = first.messages[0]?.parts ?? [];
    if (part?.kind !== 'tool-call') throw new Error('no call');
    const { tree } = part;
    expect(tree?.length).toBe(6);
    const second = merged(first, view(true, message(call(6, '2,"b":[]}'))));
    const [grown] = second.messages[0]?.parts ?? [];
    expect(grown).toMatchObject({ text: '{"a":12,"b":[]}' });
    expect(grown?.kind === 'tool-call' ? grown.tree : null).toBe(tree);
    expect(tree?.length).toBe(15);
    // The same answer again changes nothing.
    merged(second, view(true, message(call(6, '2,"b":[]}'))));
    expect(tree?.length).toBe(15);
  });

  it('has no tree for arguments that are free text', () => {
    const state = merged(noMessages, view(true, message(call(0, 'SELECT 1', false))));
    expect(state.messages[0]?.parts[0]).toMatchObject({ tree: null, text: 'SELECT 1' });
  });

  it('joins a surrogate pair that was cut in two', () => {
    const smile = '😀';
    const first = merged(noMessages, view(false, message(text(0, smile.slice(0, 1)))));
    expect(merged(first, view(true, message(text(1, smile.slice(1))))).messages[0]?.parts[0]).toMatchObject({
      text: smile,
    });
  });
});

describe('the messages of a capture', () => {
  const capture = idOf('a');
  const shown = (revision = '1') =>
    mount(
      ({ revision }: { revision: string }) => useHostQuery(messagesQuery, { params: { capture }, revision }),
      { revision },
    );

  it('are read until they are complete, each time only what is missing', async () => {
    const answers = [view(false, message(text(0, 'Hel'))), view(true, message(text(3, 'lo')))];
    const host = new FakeHost({ 'capture.messages': () => answers.shift() ?? view(true) });
    useHost.getState().attach(host);
    const messages = shown();
    await vi.waitFor(() => expect(messages.result().data?.whole).toBe(true));
    expect(host.callsOf('capture.messages')).toEqual([
      { capture, known: {} },
      { capture, known: { '0/0': 3 } },
    ]);
    expect(messages.result().data?.messages[0]?.parts[0]).toMatchObject({ text: 'Hello' });
  });

  it('are read once more if there is a new revision during a request', async () => {
    let answer: (view: MessagesView) => void = () => {};
    const first = new Promise<MessagesView>((resolve) => (answer = resolve));
    const answers = [first, Promise.resolve(view(true, message(text(3, 'lo'))))];
    const host = new FakeHost({ 'capture.messages': () => answers.shift() ?? view(true) });
    useHost.getState().attach(host);
    const messages = shown();
    await vi.waitFor(() => expect(host.calls).toHaveLength(1));
    messages.update({ revision: '2' });
    await vi.waitFor(() => expect(messages.results).toHaveLength(2));
    // All that the host had at that moment, as the capture was still loading.
    answer(view(true, message(text(0, 'Hel'))));
    await vi.waitFor(() =>
      expect(messages.result().data?.messages[0]?.parts[0]).toMatchObject({ text: 'Hello' }),
    );
  });
});
