import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createSecureServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const open = new Set<{ server: Server; sockets: Set<Socket> }>();

/** Starts a server on 127.0.0.1 that is closed, with its sockets, after the test. Returns its port. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.add({ server, sockets });
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const { server, sockets } of open) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  open.clear();
});

/** An HTTP server; returns its origin. */
export async function serveHttp(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttp(listener))}`;
}

/** A server that gets the raw connection; returns its origin. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listen(createTcp({ allowHalfOpen: true }, onConnection))}`;
}

/** Like `serveTcp`, but passes the connection on once the headers of a request have arrived. */
export function serveAnswers(onRequest: (socket: Socket, head: string) => void): Promise<string> {
  return serveTcp((socket) => {
    let head = '';
    socket.on('data', function onData(bytes: Buffer) {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      onRequest(socket, head);
    });
  });
}

/** An HTTPS server with a self-signed certificate for "localhost" and 127.0.0.1; returns its origin. */
export async function serveHttps(listener: RequestListener): Promise<string> {
  return `https://127.0.0.1:${await listen(createHttps(selfSigned(), listener))}`;
}

/** A server that accepts only HTTP/2 over TLS; returns its origin. */
export async function serveHttp2Only(): Promise<string> {
  const server = createHttp2({ ...selfSigned(), allowHTTP1: false }, (_request, response) => response.end());
  return `https://127.0.0.1:${await listen(server)}`;
}

let certificate: { key: Buffer; cert: Buffer } | null = null;

function selfSigned(): { key: Buffer; cert: Buffer } {
  if (certificate !== null) return certificate;
  const folder = mkdtempSync(join(tmpdir(), 'sse-inspector-certificate-'));
  try {
    const key = join(folder, 'key.pem');
    const cert = join(folder, 'cert.pem');
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...files, ...subject], {
      stdio: 'pipe',
    });
    certificate = { key: readFileSync(key), cert: readFileSync(cert) };
    return certificate;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Headers of an event stream, as `writeHead` takes them. */
export const EVENT_STREAM = { 'content-type': 'text/event-stream' } as const;

/** A piece of a body with the chunked transfer coding. ASCII only. */
export const httpChunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Waits until bytes written to a local socket are read at its other end, also in this process. */
export async function turnsOfTheLoop(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
}
