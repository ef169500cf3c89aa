import { describe, expect, test } from 'vitest';
import { compared, delta, levelsOf, pairsOf, type MadeEvent } from './outlines.ts';

describe('text that a model writes', () => {
  const end: MadeEvent[] = [{ data: '[DONE]' }];

  test('is paired by its characters where it is cut differently', () => {
    const result = compared(
      [delta('Hel'), delta('lo'), delta(' wor'), delta('ld'), ...end],
      [delta('Hello'), delta(' w'), delta('orld'), ...end],
    );
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 2],
      [3, 2],
      [4, 3],
    ]);
    expect(levelsOf(result)).toEqual(['text', 'text', 'text', 'text', 'text', 'exact']);
    expect(result).toMatchObject({ equal: true, timing: { joinedEvents: 2, splitEvents: 1 } });
    expect(result.texts).toEqual([{ label: 'text', lengthA: 11, lengthB: 11, difference: null }]);
  });

  test('in Anthropic’s and OpenAI’s Responses events too', () => {
    const anthropic = (text: string): MadeEvent => ({
      type: 'content_block_delta',
      data: JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    });
    const start = {
      type: 'content_block_start',
      data: '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
    };
    const result = compared([start, anthropic('Hel'), anthropic('lo')], [start, anthropic('Hello')]);
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ]);
    const responses = (text: string, number: number, item: string): MadeEvent => ({
      data: JSON.stringify({
        type: 'response.output_text.delta',
        sequence_number: number,
        item_id: item,
        output_index: 0,
        content_index: 0,
        delta: text,
        obfuscation: 'x'.repeat(number),
      }),
    });
    const other = compared(
      [responses('Hel', 4, 'msg_1'), responses('lo', 5, 'msg_1')],
      [responses('Hello', 9, 'msg_2')],
    );
    expect(pairsOf(other)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(other.equal).toBe(true);
  });

  test('with a token missing in the middle says which, and where the texts part', () => {
    const words = ['The', ' cat', ' the', ' thing', ' sat', '.'];
    const result = compared(
      words.map((word) => delta(word)),
      words.filter((word) => word !== ' the').map((word) => delta(word)),
    );
    expect([...result.onlyInA]).toEqual([2]);
    expect([...result.onlyInB]).toEqual([]);
    expect(result.pairs.count).toBe(5);
    expect(result.texts[0]?.difference).toEqual({
      at: 10,
      before: 'The cat th',
      a: 'e thing sat.',
      b: 'ing sat.',
    });
  });

  test('with a token changed says which, and into which', () => {
    const words = ['The', ' cat', ' sat', ' here', '.'];
    const result = compared(
      words.map((word) => delta(word)),
      words.map((word) => delta(word === ' sat' ? ' lay' : word)),
    );
    expect([[...result.onlyInA], [...result.onlyInB]]).toEqual([[2], [2]]);
    expect([[...result.changed.a], [...result.changed.b]]).toEqual([[2], [2]]);
    expect(result.pairs.count).toBe(4);
  });

  test('with a word changed and cut otherwise throughout is paired but for that word', () => {
    const text =
      'The stream of tokens goes on and each is a word that somebody waits for, because it was asked';
    const pieces = (whole: string, sizes: readonly number[]): MadeEvent[] => {
      const events: MadeEvent[] = [];
      for (let at = 0, n = 0; at < whole.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        events.push(delta(whole.slice(at, at + size)));
        at += size;
      }
      return events;
    };
    const a = pieces(text, [1, 2]);
    const result = compared(a, pieces(text.replace('somebody', 'anyone'), [2, 1, 3]));
    const changed = text.indexOf('somebody');
    let at = 0;
    const missing = a.flatMap((_, n) => {
      const from = at;
      at += n % 2 === 0 ? 1 : 2;
      return at > changed - 1 && from < changed + 'somebody'.length ? [n] : [];
    });
    expect(missing).toEqual(expect.arrayContaining([...result.onlyInA]));
    expect(result.equal).toBe(false);
  });

  test('of which an event has only a part is paired, and the rest counts as missing', () => {
    const result = compared([delta('Hello brave world')], [delta('Hello')]);
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect([[...result.partlyInA], [...result.partlyInB]]).toEqual([[0], []]);
    expect(result.equal).toBe(false);
  });

  test('that was cut off is paired as far as it goes', () => {
    const result = compared(
      [delta('One'), delta(' two'), delta(' three'), ...end],
      [delta('One'), delta(' two')],
    );
    expect(pairsOf(result)).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect([...result.onlyInA]).toEqual([2, 3]);
  });

  test('that differs altogether is not paired by chance', () => {
    const words = (text: string): MadeEvent[] => (text.match(/\s?\S+/g) ?? []).map((word) => delta(word));
    const result = compared(
      words('My first answer begins here with the cat and a dog of no use'),
      words('Quite another one told me of the sea and a ship that sank'),
    );
    expect(result.pairs.count).toBe(0);
    expect(result.onlyInA.length).toBe(14);
  });

  test('with equal text but another finish reason are not a pair', () => {
    const last = (reason: string): MadeEvent => ({
      data: JSON.stringify({
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { content: '!' }, finish_reason: reason }],
      }),
    });
    const result = compared([delta('Hi'), last('stop')], [delta('Hi'), last('length')]);
    expect(pairsOf(result)).toEqual([[0, 0]]);
    expect([...result.onlyInA]).toEqual([1]);
    expect([[...result.changed.a], [...result.changed.b]]).toEqual([[1], [1]]);
    expect(result.messages).toEqual([{ message: 0, what: 'finish reason', a: 'stop', b: 'length' }]);
  });
});
