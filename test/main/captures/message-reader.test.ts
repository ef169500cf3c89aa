import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MessagesView } from '../../../src/contract/message-view.ts';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { messageRecord } from '../../../src/core/llm/message-record.ts';
import type { CaptureSession } from '../../../src/main/captures/library.ts';
import { merged, noMessages, type MessagesState } from '../../../src/renderer/message/messages.ts';
import { haveRecordedStreams, recordedStreams } from '../../fixtures/recorded-streams.ts';
import { openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { chunk, complete, header, response } from './capture-records.ts';
import { callChunk, chatChunk, chatRecord, eventsOf } from './chat-stream.ts';

async function sessionOf(records: readonly CaptureRecord[]): Promise<CaptureSession> {
  const library = await openLibrary(await temporaryFolder());
  const id = await importRecords(library, header, records);
  await library.whole(id);
  return library.session(id);
}

/** Asks as a window does: for what is new, until there is no more. */
async function ask(session: CaptureSession, state: MessagesState = noMessages): Promise<MessagesState> {
  for (let now = state; ; ) {
    now = merged(now, await session.reader.messages({ known: knownIn(now) }));
    if (now.whole) return now;
  }
}

function knownIn({ messages }: MessagesState): Record<string, number> {
  const known: Record<string, number> = {};
  for (const [m, { parts }] of messages.entries()) {
    for (const [p, part] of parts.entries()) if (part.kind !== 'other') known[`${m}/${p}`] = part.text.length;
  }
  return known;
}

/** What of the messages does not depend on how they were asked for. */
function content({ messages, dialect, problems }: MessagesState): unknown {
  return {
    dialect,
    problems,
    messages: messages.map((message) => ({
      ...message,
      parts: message.parts.map((part) => {
        if (part.kind !== 'tool-call') return part;
        const { tree, ...rest } = part;
        return { ...rest, read: tree?.length ?? null };
      }),
    })),
  };
}

const chat = [
  chatChunk({ role: 'assistant', reasoning_content: 'think' }),
  chatChunk({ reasoning_content: 'ing 🌍' }),
  chatChunk({ content: 'Hel' }),
  chatChunk({ content: 'lo, wörld' }),
  callChunk('', 'weather'),
  callChunk('{"city":'),
  callChunk('"Zürich"}'),
  chatChunk({}, 'tool_calls'),
  '',
] as const;

describe('the messages of a capture', () => {
  test('are the same when read at the end as when read after every record, however the body is cut', async () => {
    const body = Buffer.from(eventsOf(chat));
    const expected = content(await ask(await sessionOf([response, chunk(body), complete])));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: body.length - 1 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const library = await openLibrary(await temporaryFolder());
        const live = await library.create(header, { origin: 'connection', keepSecrets: false });
        const edges = [0, ...at.toSorted((a, b) => a - b), body.length];
        let state = noMessages;
        await live.sink(response);
        for (const [n, from] of edges.slice(0, -1).entries()) {
          await live.sink(chunk(body.subarray(from, edges[n + 1])));
          state = await ask(await library.session(live.id), state);
        }
        await live.sink(complete);
        await live.close();
        expect(content(await ask(await library.session(live.id), state))).toEqual(expected);
        await library.close();
      }),
      { numRuns: 25 },
    );
  });

  test
    .skipIf(!haveRecordedStreams)
    .each(recordedStreams().map((stream) => [stream.name, stream.body] as const))(
    'of the recorded stream %s are those that an analysis in one go finds',
    async (_name, body) => {
      const records = [response, chunk(body), complete];
      const analysis = new Analysis(header.request);
      for (const record of records) analysis.push(record);
      const { messages } = await ask(await sessionOf(records));
      expect(messages).toHaveLength(analysis.messages.length);
      for (const [n, message] of analysis.messages.entries()) {
        const { text, reasoning, refusal, toolCalls } = messageRecord(message);
        const shown = messages[n]?.parts ?? [];
        const joined = (kind: string): string =>
          shown.map((part) => (part.kind === kind && part.kind !== 'other' ? part.text : '')).join('');
        expect([joined('text'), joined('reasoning'), joined('refusal')]).toEqual([
          text ?? '',
          reasoning ?? '',
          refusal ?? '',
        ]);
        const calls = shown.filter((part) => part.kind === 'tool-call');
        expect(calls.map((call) => call.name)).toEqual(toolCalls.map((call) => call.name));
      }
    },
  );

  test('grow with the stream, and mark what is still open', async () => {
    const library = await openLibrary(await temporaryFolder());
    const live = await library.create(header, { origin: 'connection', keepSecrets: false });
    await live.sink(response);
    await live.sink(chatRecord(callChunk('{"city":"Zü', 'weather')));
    await until(library, () => library.summary(live.id)?.dispatched === 1);
    let state = await ask(await library.session(live.id));
    expect(state.messages[0]?.parts[0]).toMatchObject({ name: 'weather', text: '{"city":"Zü', done: false });
    const tree = toolTree(state);
    await live.sink(chatRecord(callChunk('rich"}')));
    await until(library, () => library.summary(live.id)?.dispatched === 2);
    state = await ask(await library.session(live.id), state);
    expect(state.messages[0]?.parts[0]).toMatchObject({ text: '{"city":"Zürich"}' });
    // The tree that is on the screen goes on growing: what it has read it does not read again.
    expect(toolTree(state)).toBe(tree);
    expect(tree?.length).toBe('{"city":"Zürich"}'.length);
    expect(state.messages[0]).toMatchObject({ complete: false, finishReason: null });
    expect(state.problems).toEqual([]);
    await live.sink(complete);
    await live.close();
    state = await ask(await library.session(live.id), state);
    expect(state.problems.map(({ code }) => code)).toContain('missing-terminal-event');
  });

  test('contain only the new part of each text', async () => {
    const session = await sessionOf([response, chatRecord(...chat), complete]);
    const whole = await session.reader.messages({ known: {} });
    expect(partTexts(whole)).toEqual(['thinking 🌍', 'Hello, wörld', '{"city":"Zürich"}']);
    const news = await session.reader.messages({ known: { '0/0': 5, '0/1': 12, '0/2': 9_999 } });
    expect(partTexts(news)).toEqual(['ing 🌍', '', '']);
    const [first, second, third] = news.messages[0]?.parts ?? [];
    expect([first, second, third]).toMatchObject([
      { from: 5, length: 11 },
      { from: 12, length: 12 },
      { from: 17, length: 17 },
    ]);
    expect(news.whole).toBe(true);
  });

  test('of much text come in several answers of limited size', async () => {
    const piece = 'x'.repeat(100_000);
    const deltas = Array.from({ length: 13 }, () => chatChunk({ content: piece }));
    const session = await sessionOf([response, chatRecord(...deltas, chatChunk({}, 'stop'), ''), complete]);
    let state = noMessages;
    let answers = 0;
    do {
      const view = await session.reader.messages({ known: knownIn(state) });
      expect(partTexts(view).join('').length).toBeLessThanOrEqual(512 * 1024);
      state = merged(state, view);
      answers++;
    } while (!state.whole);
    expect(answers).toBeGreaterThanOrEqual(3);
    expect(state.messages[0]?.parts[0]).toMatchObject({ text: piece.repeat(13), length: 1_300_000 });
  });
});

describe('the way between a message and its events', () => {
  const bodyWithComments = `: a comment\n\n${eventsOf(chat.slice(0, 4))}: another\n\n${eventsOf(chat.slice(4))}`;

  test('leads from every character to its event, and from that event back to the character', async () => {
    const session = await sessionOf([response, chunk(bodyWithComments), complete]);
    const { messages } = await session.reader.messages({ known: {} });
    let characters = 0;
    for (const [part, one] of (messages[0]?.parts ?? []).entries()) {
      if (one.kind === 'other') continue;
      for (let position = 0; position < one.length; position++) {
        const source = session.reader.messageSource({ message: 0, part, position });
        if (source === null) throw new Error(`no event for character ${position} of part ${part}`);
        const { row } = session.reader.eventRow({ seq: source.seq });
        expect(source.row).toBe(row);
        const back = (await session.reader.messageSpans({ seq: source.seq })).find(
          (span) => span.part === part,
        );
        expect(back).toMatchObject({ message: 0, from: source.from, to: source.to, kind: one.kind });
        expect(back?.text).toBe(one.text.slice(source.from, source.to));
        expect(back?.before).toBe(one.text.slice(0, source.from));
        characters++;
      }
    }
    expect(characters).toBe('thinking 🌍Hello, wörld{"city":"Zürich"}'.length);
  });

  test('is null for a character, part or message that does not exist', async () => {
    const session = await sessionOf([response, chatRecord(...chat), complete]);
    await session.reader.messages({ known: {} });
    for (const [message, part, position] of [
      [0, 0, 11],
      [0, 3, 0],
      [1, 0, 0],
      [0, 0, -1],
    ] as const) {
      expect(session.reader.messageSource({ message, part, position })).toBeNull();
    }
    // The first event that says who speaks brings no text, `[DONE]` none at all.
    expect(await session.reader.messageSpans({ seq: chat.length - 1 })).toEqual([]);
  });

  test('shows only the last words before a piece, and the beginning of a large one', async () => {
    const session = await sessionOf([
      response,
      chatRecord(chatChunk({ content: 'a'.repeat(500) }), chatChunk({ content: 'b'.repeat(5000) }), ''),
      complete,
    ]);
    const [span] = await session.reader.messageSpans({ seq: 1 });
    expect(span).toMatchObject({ from: 500, to: 5500, before: 'a'.repeat(80), text: 'b'.repeat(2000) });
  });
});

test('concurrent queries get the same messages', async () => {
  const session = await sessionOf([response, chatRecord(...chat), complete]);
  const answers = await Promise.all([
    session.reader.messages({ known: {} }),
    session.reader.messages({ known: {} }),
    session.reader.messageSpans({ seq: 3 }),
  ]);
  expect(answers[0].messages).toEqual(answers[1].messages);
  expect(answers[2]).toHaveLength(1);
});

test('a query to a closed session is refused', async () => {
  const session = await sessionOf([response, chatRecord(...chat), complete]);
  await session.close();
  await expect(session.ask(({ reader }) => reader.messages({ known: {} }))).rejects.toMatchObject({
    name: 'Refusal',
    code: 'no-such-capture',
  });
});

test('a capture in no dialect has no message, and the answer is complete', async () => {
  const session = await sessionOf([response, chunk('data: hello\n\ndata: {"a":1}\n\n'), complete]);
  expect(await session.reader.messages({ known: {} })).toEqual({
    dialect: null,
    whole: true,
    messages: [],
    problems: [],
    problemCount: 0,
  });
  onTestFinished(() => session.close());
});

function partTexts(view: MessagesView): string[] {
  return view.messages.flatMap(({ parts }) => parts.map((part) => (part.kind === 'other' ? '' : part.text)));
}

function toolTree(state: MessagesState) {
  const part = state.messages[0]?.parts[0];
  return part?.kind === 'tool-call' ? part.tree : null;
}
