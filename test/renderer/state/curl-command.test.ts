import { describe, expect, it } from 'vitest';
import { curlCommand } from '../../../src/renderer/state/curl-command.ts';

describe('a pasted curl command', () => {
  it('copied from a manual gives method, address, headers and body', () => {
    const command = `curl https://api.openai.com/v1/chat/completions \\
      -H "Content-Type: application/json" \\
      -H "Authorization: Bearer sk-1" \\
      -d '{"model":"m","stream":true}'`;
    expect(curlCommand(command)).toEqual({
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      headers: [
        ['Content-Type', 'application/json'],
        ['Authorization', 'Bearer sk-1'],
      ],
      body: '{"model":"m","stream":true}',
      insecure: false,
      leftOut: [],
      note: null,
    });
  });

  it('copied from a browser’s developer tools gives the body with its escapes', () => {
    const command = `curl 'https://a.test/x' -H 'accept: */*' --compressed --data-raw $'{"t":"it\\'s"}' --insecure`;
    expect(curlCommand(command)).toMatchObject({ method: 'POST', body: `{"t":"it's"}`, insecure: true });
  });

  it('may have short options in one word, and values joined to them', () => {
    expect(curlCommand('curl -sNXPUT -HX-A:1 http://a.test')).toMatchObject({
      method: 'PUT',
      url: 'http://a.test',
      headers: [['X-A', '1']],
    });
  });

  it('gives a GET without data, and puts data into the query with -G', () => {
    expect(curlCommand('curl -N http://a.test')).toMatchObject({ method: 'GET', body: '' });
    expect(curlCommand('curl -G http://a.test?x=1 -d y=2 --data-urlencode "z=a b"')).toMatchObject({
      method: 'GET',
      url: 'http://a.test?x=1&y=2&z=a%20b',
      body: '',
    });
  });

  it('gives what curl itself would add to the headers', () => {
    expect(curlCommand('curl http://a.test -d a=1')?.headers).toEqual([
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ]);
    expect(curlCommand(`curl http://a.test --json '{}'`)?.headers).toEqual([
      ['Content-Type', 'application/json'],
    ]);
    expect(curlCommand('curl -u user:pass http://a.test')?.headers).toEqual([
      ['Authorization', 'Basic dXNlcjpwYXNz'],
    ]);
  });

  it('names what cannot be read, such as a body in a file', () => {
    expect(curlCommand('curl http://a.test -d @body.json')?.leftOut).toEqual([
      'the body in the file body.json',
    ]);
  });

  it('does not confuse the value of an option with the address', () => {
    expect(curlCommand('curl --max-time 5 -o out.txt --retry 3 http://a.test')?.url).toBe('http://a.test');
  });

  it('is not recognised in other text', () => {
    for (const text of [
      'https://a.test',
      'curling http://a.test',
      'curl',
      'curl -N',
      `curl 'http://a.test`,
    ]) {
      expect(curlCommand(text)).toBeNull();
    }
  });
});
