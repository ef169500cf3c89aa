import { describe, expect, test } from 'vitest';
import { messageLines, messageMarkdown } from '../../../src/core/export/message-file.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { collect } from '../import/read-captures.ts';

const encoder = new TextEncoder();

/** A capture of a chat stream with these deltas. */
function source(
  deltas: readonly object[],
  end = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
) {
  const payloads = deltas.map((delta) =>
    JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta }] }),
  );
  const body = [...payloads, ...(end === '' ? [] : [end, '[DONE]'])]
    .map((data) => `data: ${data}\n\n`)
    .join('');
  const bytes = encoder.encode(body);
  const records: readonly CaptureRecord[] = [
    {
      kind: 'response',
      at: 1,
      status: 200,
      headers: [['Content-Type', 'text/event-stream']],
      httpVersion: '1.1',
    },
    { kind: 'chunk', at: 2, read: 0, wireBytes: bytes.length, bytes },
    { kind: 'end', at: 3, reason: 'complete' },
  ];
  return {
    header: {
      format: 'ssecap' as const,
      version: 1 as const,
      request: { method: 'POST', url: 'http://h/v1/chat/completions', headers: [], client: 'raw' as const },
      startedAt: '2026-01-02T03:04:05.678Z',
    },
    records: () => records,
  };
}

const markdown = async (...of: Parameters<typeof source>): Promise<string> =>
  Buffer.from(await collect(messageMarkdown(source(...of)))).toString();

const call = (name: string, args: string) => ({
  tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name, arguments: args } }],
});

describe('a message as Markdown', () => {
  test('quotes the reasoning, keeps the text as the model wrote it, and shows tool calls as code', async () => {
    const text = await markdown([
      { reasoning_content: 'Think.\n\nMore.' },
      { content: '# Title\n' },
      { content: '- one' },
      call('weather', '{"city":"Köln"}'),
    ]);
    expect(text).toBe(
      '> Think.\n>\n> More.\n\n# Title\n- one\n\n**Tool call:** `weather`\n\n```json\n{\n  "city": "Köln"\n}\n```\n',
    );
  });

  test('keeps arguments that are not JSON, with a fence longer than any in them', async () => {
    expect(await markdown([call('run`it', 'a ```` b')])).toContain(
      '**Tool call:** ``run`it``\n\n`````\na ```` b\n`````\n',
    );
  });

  test('says that a message is not complete', async () => {
    expect(await markdown([{ content: 'Hal' }], '')).toBe('Hal\n\n*The message is not complete.*\n');
  });

  test('says that a stream has no message', async () => {
    expect(await markdown([], '{"a":1}')).toBe('This stream has no message.\n');
  });
});

test('a message as JSON is the record that inspect prints', async () => {
  const lines = Buffer.from(
    await collect(messageLines(source([{ role: 'assistant', content: 'Hi' }]))),
  ).toString();
  expect(lines.split('\n')).toHaveLength(2);
  expect(JSON.parse(lines)).toMatchObject({
    dialect: 'openai-chat',
    text: 'Hi',
    finishReason: 'stop',
    complete: true,
    error: null,
  });
});
