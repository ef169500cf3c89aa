import type { HeaderList } from '../../../src/core/headers.ts';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../src/core/json/json-value.ts';
import { payloadOf } from '../../../src/core/json/payload.ts';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import {
  dialectNamed,
  dialectNames,
  dialectOfPayload,
  dialects,
  dialectSuggestedBy,
} from '../../../src/core/llm/dialects.ts';
import { haveRecordedStreams, recordedStreams } from '../../fixtures/recorded-streams.ts';

const head = new StreamHead('');

function response(status: number, headers: HeaderList) {
  return { kind: 'response', at: 0, status, headers, httpVersion: '' } as const;
}

describe('dialects', () => {
  test('have different names and titles, and are found by their names', () => {
    expect(new Set(dialectNames).size).toBe(dialects.length);
    expect(new Set(dialects.map(({ title }) => title)).size).toBe(dialects.length);
    for (const dialect of dialects) expect(dialectNamed(dialect.id)).toBe(dialect);
  });

  test('are suggested by the path of a URL with any host and query', () => {
    const suggested = (url: string) => dialectSuggestedBy(new StreamHead(url))?.id ?? null;
    expect(suggested('https://h:8080/v1/chat/completions?key=1')).toBe('openai-chat');
    expect(suggested('https://h/v1/responses/')).toBe('openai-responses');
    expect(suggested('HTTP://h/v1/messages')).toBe('anthropic-messages');
    expect(suggested('https://h/models/m:streamGenerateContent?alt=sse')).toBe('google-generate-content');
    expect(suggested('https://h/v1/messages/count')).toBeNull();
    expect(suggested('https://h/events?to=/chat/completions')).toBeNull();
    expect(suggested('')).toBeNull();
  });

  test('have no say in payloads that could be anything', () => {
    for (const value of [undefined, null, 'response.created', [], {}, { type: 'ping' }, { choices: [] }])
      expect(dialectOfPayload(value, head)).toBeNull();
  });
});

describe.skipIf(!haveRecordedStreams)('recorded payloads', () => {
  test.each(recordedStreams())('of $name are matched by one dialect at most', ({ payloads }) => {
    for (const payload of payloads) {
      const { value } = payloadOf(payload);
      if (!isJsonObject(value)) continue;
      expect(dialects.filter((dialect) => dialect.matches(value, head)).length, payload).toBeLessThan(2);
    }
  });
});

describe('the head of a stream', () => {
  test('has the fields of the first response that succeeded, so that reading later changes nothing', () => {
    const seen = new StreamHead('http://h/');
    expect(seen.headers).toEqual([]);
    seen.record(response(503, [['x', 'refused']]));
    expect(seen.headers).toEqual([['x', 'refused']]);
    seen.record(response(200, [['x', 'first']]));
    seen.record(response(200, [['x', 'second']]));
    expect(seen.headers).toEqual([['x', 'first']]);
  });
});
