import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block } from '../../../src/core/sse/block.ts';
import { textSources } from '../../../src/core/pipeline/text-source.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { decodeUtf8 } from '../../../src/core/text/utf8.ts';
import { arbitraryBody } from '../sse/arbitrary-body.ts';
import { bytesOf, readBlocks } from '../sse/body-pieces.ts';

test('the data of any block is its sources, joined by line feeds', () => {
  fc.assert(
    fc.property(arbitraryBody, (body) => {
      for (const block of readBlocks([body])) {
        if (block.kind !== 'event') continue;
        const sources = textSources([bytesOfBlock(body, block)], 0, Number.POSITIVE_INFINITY);
        const rebuilt = Array<string>(block.data.length).fill('\n');
        for (const { from, to, range } of sources) {
          const text = decodeUtf8(body.subarray(range.start, range.end));
          expect(text).toHaveLength(to - from);
          for (let i = from; i < to; i++) rebuilt[i] = text[i - from] as string;
        }
        expect(rebuilt.join('')).toBe(block.data);
      }
    }),
    { numRuns: 500 },
  );
});

test('a document over several events has the bytes of each, without those of other texts', () => {
  const body = bytesOf('data: {"a":1}{"é":\n\n: note\n\ndata: "😀\ndata: "}{}\n\n');
  const { blocks, documents } = derive([
    { kind: 'chunk', at: 0, read: 0, wireBytes: 0, bytes: body },
    { kind: 'end', at: 0, reason: 'complete' },
  ]);
  // A line feed inside a string is not valid JSON, so this text is given up and its first line is a document.
  expect(documents.map(({ state }) => state)).toEqual(['complete', 'partial', 'text']);
  const [first, tail] = documents;
  if (first === undefined || tail === undefined) throw new Error('two documents expected');
  const [block] = blocks;
  if (block === undefined) throw new Error('a block expected');
  const texts = [first, tail].map(({ from, to }) =>
    textSources([bytesOfBlock(body, block)], from, to).map(({ range }) =>
      decodeUtf8(body.subarray(range.start, range.end)),
    ),
  );
  expect(texts).toEqual([['{"a":1}'], ['{"é":']]);
});

test('a document over several lines of JSON leads to the bytes of each, without a BOM or line endings', () => {
  const body = bytesOf('\ufeff{"a":\r\n"😀é"\n}{}');
  const { blocks, documents } = derive([
    { kind: 'chunk', at: 0, read: 0, wireBytes: 0, bytes: body },
    { kind: 'end', at: 0, reason: 'complete' },
  ]);
  expect(documents.map(({ text }) => text)).toEqual(['{"a":"😀é"}', '{}']);
  const texts = documents.map(({ from, to, blocks: [first, last] }) =>
    textSources(
      blocks.slice(first, last + 1).map((block) => bytesOfBlock(body, block)),
      from,
      to,
    ).map((source) => [
      source.from,
      source.to,
      decodeUtf8(body.subarray(source.range.start, source.range.end)),
    ]),
  );
  expect(texts).toEqual([
    [
      [0, 5, '{"a":'],
      [5, 10, '"😀é"'],
      [10, 11, '}'],
    ],
    [[0, 2, '{}']],
  ]);
});

test('positions count from the beginning of the text, over all its events', () => {
  const body = bytesOf('data: [1,\n\ndata: "é",\ndata: 2] {}\n\n');
  const { blocks, documents } = derive([
    { kind: 'chunk', at: 0, read: 0, wireBytes: 0, bytes: body },
    { kind: 'end', at: 0, reason: 'complete' },
  ]);
  const [document] = documents;
  if (document === undefined) throw new Error('a document expected');
  expect(document.text).toBe('[1,"é",\n2]');
  expect(
    textSources(
      blocks.map((block) => bytesOfBlock(body, block)),
      document.from,
      document.to,
    ),
  ).toEqual([
    { from: 0, to: 3, range: { start: 6, end: 9 } },
    { from: 3, to: 7, range: { start: 17, end: 22 } },
    { from: 8, to: 10, range: { start: 29, end: 31 } },
  ]);
});

function bytesOfBlock(body: Uint8Array, { framing, range }: Block) {
  const bytes = body.subarray(range.start, range.end);
  return { framing, bytes, start: range.start, atBodyStart: range.start === 0 };
}
