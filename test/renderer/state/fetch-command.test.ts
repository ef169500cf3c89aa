import { describe, expect, it } from 'vitest';
import type { CaptureRequest } from '../../../src/core/capture/record.ts';
import { fetchCode } from '../../../src/core/export/fetch-code.ts';
import { fetchCommand } from '../../../src/renderer/state/fetch-command.ts';

/** As Chrome copies it: "Copy as fetch". */
const chrome = `fetch("https://api.test/v1/chat?x=1", {
  "headers": {
    "accept": "text/event-stream",
    "content-type": "application/json",
    "sec-ch-ua": "\\"Chromium\\";v=\\"140\\", \\"Not=A?Brand\\";v=\\"24\\""
  },
  "referrer": "https://app.test/",
  "body": "{\\"model\\":\\"m\\",\\"text\\":\\"caf\\u00e9 \\\\n\\"}",
  "method": "POST",
  "mode": "cors",
  "credentials": "include"
});`;

/** "Copy as fetch (Node.js)". */
const node = `fetch("https://api.test/sse", {
  "headers": {
    "accept": "*/*",
    "cookie": "sid=1; theme=dark",
    "Referer": "https://app.test/"
  },
  "body": null,
  "method": "GET"
});`;

describe('a fetch() call', () => {
  it('from Chrome is read whole, and says that the browser’s cookies are not in it', () => {
    expect(fetchCommand(chrome)).toEqual({
      method: 'POST',
      url: 'https://api.test/v1/chat?x=1',
      headers: [
        ['accept', 'text/event-stream'],
        ['content-type', 'application/json'],
        ['sec-ch-ua', '"Chromium";v="140", "Not=A?Brand";v="24"'],
        ['Referer', 'https://app.test/'],
      ],
      body: '{"model":"m","text":"café \\n"}',
      insecure: false,
      leftOut: [],
      note: 'The browser’s cookies are not in it.',
    });
  });

  it('for Node.js has its cookies among the headers, and no body', () => {
    expect(fetchCommand(node)).toMatchObject({
      method: 'GET',
      headers: [
        ['accept', '*/*'],
        ['cookie', 'sid=1; theme=dark'],
        ['Referer', 'https://app.test/'],
      ],
      body: '',
      leftOut: [],
      note: null,
    });
  });

  it('is read as people and manuals write it', () => {
    const text = `const response = await fetch('http://localhost:8080/sse', {
      method: 'post', // a comment
      headers: { Accept: "text/event-stream", 'X-N': 1, },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'it\\'s' }] }, null, 2),
    }).then((response) => response.body);`;
    expect(fetchCommand(text)).toMatchObject({
      method: 'POST',
      url: 'http://localhost:8080/sse',
      headers: [
        ['Accept', 'text/event-stream'],
        ['X-N', '1'],
        ['Content-Type', 'text/plain;charset=UTF-8'],
      ],
      body: '{"model":"m","stream":true,"messages":[{"role":"user","content":"it\'s"}]}',
    });
    expect(fetchCommand('fetch("https://a.test")')).toMatchObject({ url: 'https://a.test', method: 'GET' });
  });

  it('names what is no literal, and takes the rest', () => {
    const text =
      'fetch("https://a.test", { headers: { Authorization: `Bearer ${key}`, "X-A": f({a: "}"}), "X-B": "b" }, body: new FormData(), method: "PUT" })';
    expect(fetchCommand(text)).toMatchObject({
      method: 'PUT',
      headers: [['X-B', 'b']],
      body: '',
      leftOut: ['the header Authorization', 'the header X-A', 'the body, which is no plain text'],
    });
  });

  it('that this program exports comes back as the request that it was', () => {
    const request: CaptureRequest = {
      method: 'POST',
      url: 'https://api.test/v1?a=b&c=%22',
      headers: [
        ['Accept', 'text/event-stream'],
        ['X-Quote', `"a" 'b' \\`],
      ],
      client: 'raw',
      body: '{"text":"\u2028 \\" 😀"}',
    };
    const code = fetchCode(request);
    expect(fetchCommand(code)).toMatchObject({
      method: 'POST',
      url: request.url,
      headers: [...request.headers, ['Content-Type', 'text/plain;charset=UTF-8']],
      body: request.body,
    });
  });

  it('is nothing else: other text, an address that is computed, a call that is cut off', () => {
    for (const text of [
      '',
      'https://fetch.test',
      'fetching("x")',
      'fetch(url)',
      'fetch("")',
      'fetch("https://a',
      'fetch(`https://${a}`)',
    ])
      expect(fetchCommand(text)).toBeNull();
  });

  it('that is cut off or nested without end is read to its end in time', () => {
    for (let end = 0; end < chrome.length; end += 1) fetchCommand(chrome.slice(0, end));
    const deep = `fetch("https://a.test", ${'['.repeat(200_000)})`;
    expect(fetchCommand(deep)).toBeNull();
    const long = 'x'.repeat(2_000_000);
    expect(fetchCommand(`fetch("https://a.test", {"body": "${long}"})`)?.body).toBe(long);
  });
});
