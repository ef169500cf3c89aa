import type { FastifyInstance } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../../contract/refusal.ts';

/**
 * Listens on a port of 127.0.0.1; 0 picks a free one. Closes the server where it cannot.
 *
 * @throws Refusal `bad-params` for a port that is none, `not-available` where the port is taken or may not be used.
 */
export async function listenOnLoopback(app: FastifyInstance, port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Refusal('bad-params', `${port} is no port: a whole number from 0 to 65535 is`);
  }
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (cause) {
    await app.close();
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    const problem =
      code === 'EADDRINUSE'
        ? `port ${port} on 127.0.0.1 is taken by another program: choose another port`
        : code === 'EACCES'
          ? `port ${port} needs rights that this program lacks: choose one from 1024`
          : null;
    throw problem === null ? cause : new Refusal('not-available', problem, { cause });
  }
}

/** The sockets that clients of a server have open. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  #whenNone: (() => void)[] = [];

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        if (this.#open.size > 0) return;
        for (const tell of this.#whenNone.splice(0)) tell();
      });
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Resolves when none is open. */
  async none(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#whenNone.push(resolve));
  }

  /** Cuts all connections. */
  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
