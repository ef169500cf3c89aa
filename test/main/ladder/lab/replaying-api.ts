/**
 * An OpenAI-compatible API in a separate process that shares no code with the lab. Replays a recorded stream.
 * Arguments: the recording (JSON lines), ms between events. Prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [recording = '', pause = '1'] = process.argv.slice(2);
const lines = readFileSync(recording, 'utf8')
  .split('\n')
  .filter((line) => line !== '');

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const fail = (status: number, code: string, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } }));
    };
    const path = request.url ?? '';
    if (!path.startsWith('/v1/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Welcome</h1>');
      return;
    }
    const key = request.headers.authorization ?? '';
    if (key !== 'Bearer sk-right-key')
      return fail(401, 'invalid_api_key', `Incorrect API key provided: ${key.slice(7)}.`);
    const { model } = JSON.parse(body) as { model: string };
    if (model !== 'recorded') return fail(404, 'model_not_found', `The model \`${model}\` does not exist`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const isChat = path === '/v1/chat/completions';
    let next = 0;
    const timer = setInterval(() => {
      const line = lines[next++];
      if (line !== undefined) {
        const { type } = JSON.parse(line) as { type?: string };
        response.write(
          isChat || type === undefined ? `data: ${line}\n\n` : `event: ${type}\ndata: ${line}\n\n`,
        );
        return;
      }
      clearInterval(timer);
      response.end(isChat ? 'data: [DONE]\n\n' : '');
    }, Number(pause));
    response.on('close', () => clearInterval(timer));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
