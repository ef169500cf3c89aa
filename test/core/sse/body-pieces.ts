import type { Block } from '../../../src/core/sse/block.ts';
import type { BlockLimits } from '../../../src/core/sse/block-parser.ts';
import { BlockReader } from '../../../src/core/sse/block-reader.ts';

/** UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes given as text in which `\x80` to `\xff` stand for that byte alone. */
export function rawBytes(binary: string): Uint8Array {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** The body in pieces of `size` bytes. */
export function inPieces(body: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) pieces.push(body.slice(at, at + size));
  return pieces;
}

/** The body cut at the given places, each piece with memory of its own. */
export function cutAt(body: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...cuts, body.length])].sort((a, b) => a - b);
  return places.slice(1).map((place, i) => body.slice(places[i], place));
}

/** The body whole, in pieces of 1, 2 and 3 bytes, and cut in two at every point. */
export function* everyCut(body: Uint8Array): Generator<readonly Uint8Array[]> {
  yield [body];
  for (const size of [1, 2, 3]) yield inPieces(body, size);
  for (let at = 1; at < body.length; at++) yield cutAt(body, [at]);
}

/** Reads pieces as the chunks of one body, chunk n arriving at n × 10 ms. */
export function readBlocks(pieces: readonly Uint8Array[], limits?: BlockLimits): Block[] {
  const blocks: Block[] = [];
  const reader = new BlockReader(
    {
      block: (block) => blocks.push(block),
      blockExtended: (block) => {
        blocks[block.index] = block;
      },
    },
    limits,
  );
  pieces.forEach((piece, i) => reader.push(piece, i, i * 10));
  reader.endBody();
  return blocks;
}

/** What must not depend on where the body was cut. */
export function withoutProvenance(blocks: readonly Block[]): unknown[] {
  return blocks.map(({ chunks: _chunks, at: _at, ...rest }) => rest);
}

/** What a client would see. */
export function dispatched(blocks: readonly Block[]): { type: string; data: string; lastEventId: string }[] {
  return blocks
    .filter(({ kind }) => kind === 'event')
    .map(({ type, data, lastEventId }) => ({ type, data, lastEventId }));
}
