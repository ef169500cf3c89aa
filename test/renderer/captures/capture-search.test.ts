import { expect, test } from 'vitest';
import { matchesSearch } from '../../../src/renderer/captures/capture-search.ts';
import { summaryOf } from '../fake-host.ts';

const capture = {
  ...summaryOf('1'),
  name: 'Slow answer',
  request: {
    method: 'POST',
    url: 'https://api.example/v1/chat/completions',
    headers: [],
    body: '{"model":"tiny-1"}',
    client: 'raw' as const,
  },
};

test.each(['slow', 'POST', 'API.example', 'tiny-1', 'completions slow', ' '])(
  '%j finds a capture',
  (search) => {
    expect(matchesSearch(capture, search)).toBe(true);
  },
);

test.each(['fast', 'slow fast', 'model'])('%j does not find it', (search) => {
  expect(matchesSearch(capture, search)).toBe(false);
});
