import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
// The package's own decoder, which its `Stream` is made of; not part of its documented interface.
import { _iterSSEMessages } from 'openai/core/streaming';
import { BlockParser, defaultLimits } from '../../src/core/sse/block-parser.ts';
import {
  DATA_SPACE,
  FieldName,
  fieldNameOf,
  isSpacedData,
  valueStart,
} from '../../src/core/sse/field-name.ts';
import { LineScanner, type LineSink } from '../../src/core/sse/line-scanner.ts';
import type { Contender } from './harness.ts';

/** Everything that is compared reads the same pieces and must find this many events. */
export interface ParseWork {
  readonly pieces: readonly Uint8Array[];
  readonly events: number;
}

/** Our lines, their fields and blocks as offsets. */
export function ourOffsets({ pieces, events }: ParseWork): Contender {
  return {
    name: 'offsets',
    run() {
      const found = new FoundOffsets();
      const scanner = new LineScanner(found, defaultLimits.line);
      for (const piece of pieces) scanner.push(piece);
      scanner.endBody();
      expectEvents(found.events, events);
      if (found.sum === 0) throw new Error('nothing was read');
    },
  };
}

class FoundOffsets implements LineSink {
  events = 0;
  sum = 0;
  #hasData = false;

  line(bytes: Uint8Array, from: number, to: number): void {
    const name = fieldNameOf(bytes, from, to);
    if (name !== FieldName.data) return;
    this.#hasData = true;
    this.sum += to - valueStart(name, bytes, from, to);
  }

  blank(end: number): void {
    if (this.#hasData) this.events++;
    this.#hasData = false;
    this.sum += end;
  }

  lineAndBlank(bytes: Uint8Array, from: number, to: number, _offset: number, end: number): void {
    if (isSpacedData(bytes, from, to)) {
      this.#hasData = true;
      this.sum += to - from - DATA_SPACE;
    } else this.line(bytes, from, to);
    this.blank(end);
  }

  opened(): void {}
  unfinished(): void {}
  extended(): void {}
}

/** Our event strings: type, data and last event ID. */
export function ourStrings({ pieces, events }: ParseWork): Contender {
  return {
    name: 'strings',
    run() {
      let found = 0;
      let length = 0;
      const parser: BlockParser = new BlockParser({
        block(kind) {
          if (kind !== 'event') return;
          found++;
          length += parser.data.length + parser.type.length + parser.lastEventId.length;
        },
        extended() {},
      });
      for (const piece of pieces) parser.push(piece);
      parser.endBody();
      expectEvents(found, events);
      if (length === 0) throw new Error('nothing was read');
    },
  };
}

/** A loop that finds every line feed. */
export function bufferIndexOf({ pieces }: ParseWork): Contender {
  const buffers = pieces.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  return {
    name: 'Buffer.indexOf',
    run() {
      let found = 0;
      for (const buffer of buffers) {
        let at = buffer.indexOf('\n');
        while (at !== -1) {
          found++;
          at = buffer.indexOf('\n', at + 1);
        }
      }
      if (found === 0) throw new Error('nothing was read');
    },
  };
}

/** eventsource-parser behind a streaming `TextDecoder`, as its users have it. */
export function eventsourceParser({ pieces, events }: ParseWork): Contender {
  return {
    name: 'eventsource-parser',
    run() {
      let found = 0;
      let length = 0;
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent(event) {
          found++;
          length += event.data.length;
        },
      });
      for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }));
      expectEvents(found, events);
      if (length === 0) throw new Error('nothing was read');
    },
  };
}

/** The `eventsource` package, given the pieces through its `fetch`. */
export function eventsourcePackage({ pieces, events }: ParseWork): Contender {
  return {
    name: 'eventsource',
    run: () =>
      new Promise((resolve, reject) => {
        let found = 0;
        const source = new EventSource('http://127.0.0.1/', {
          fetch: async () => ({
            body: { getReader: () => readerOf(pieces) },
            url: 'http://127.0.0.1/',
            status: 200,
            redirected: false,
            headers: new Headers({ 'content-type': 'text/event-stream' }),
          }),
        });
        source.onmessage = () => {
          if (++found === events) {
            source.close();
            resolve();
          }
        };
        source.onerror = () => {
          source.close();
          reject(new Error(`eventsource found ${found} events of ${events}`));
        };
      }),
  };
}

/** The decoder of the `openai` package. */
export function openaiDecoder({ pieces, events }: ParseWork): Contender {
  return {
    name: 'openai',
    async run() {
      let found = 0;
      const response = { body: { getReader: () => readerOf(pieces) } };
      // It asks of a response no more than a body with a reader.
      for await (const event of _iterSSEMessages(response as unknown as Response, new AbortController())) {
        if (event.data !== null) found++;
      }
      expectEvents(found, events);
    },
  };
}

function readerOf(pieces: readonly Uint8Array[]) {
  let next = 0;
  return {
    async read(): Promise<{ done: true; value?: undefined } | { done: false; value: Uint8Array }> {
      const value = pieces[next++];
      return value === undefined ? { done: true } : { done: false, value };
    },
    async cancel(): Promise<void> {},
    releaseLock(): void {},
  };
}

function expectEvents(found: number, expected: number): void {
  if (found !== expected) throw new Error(`found ${found} events of ${expected}`);
}
