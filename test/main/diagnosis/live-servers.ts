import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveServer } from '../../fixtures/live-cases.ts';
import { startNginx } from '../../fixtures/nginx.ts';
import { HAPROXY, haveRealPart, PYTHON } from '../../fixtures/real-parts.ts';
import { ServerProcess } from '../../fixtures/server-process.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');

/** The real servers of this machine, on loopback, with what they write in a folder of its own. */
export class LiveServers {
  readonly #folder: string;
  readonly #processes: readonly ServerProcess[];
  readonly #ports: Readonly<Partial<Record<LiveServer, number>>>;

  private constructor(
    folder: string,
    processes: readonly ServerProcess[],
    ports: Readonly<Partial<Record<LiveServer, number>>>,
  ) {
    this.#folder = folder;
    this.#processes = processes;
    this.#ports = ports;
  }

  /** Starts those that are installed; the others have no origin. */
  static async start(): Promise<LiveServers> {
    const folder = mkdtempSync(join(tmpdir(), 'sse-inspector-live-'));
    const upstream = new ServerProcess(process.execPath, [join(fixtures, 'token-server.ts')]);
    const processes = [upstream];
    const ports: Partial<Record<LiveServer, number>> = {};
    try {
      ports.node = await portOf(upstream);
      if (haveRealPart('Flask')) {
        const flask = new ServerProcess(PYTHON, [join(fixtures, 'flask_sse.py')]);
        processes.push(flask);
        ports.flask = await portOf(flask);
      }
      const [nginxPort, haproxyPort, noDelayPort] = await freePorts(3);
      if (haveRealPart('nginx') && nginxPort !== undefined) {
        processes.push(await startNginx(folder, nginxPort, nginxLocations(ports.node)));
        ports.nginx = nginxPort;
      }
      if (haveRealPart('haproxy') && haproxyPort !== undefined && noDelayPort !== undefined) {
        const file = join(folder, 'haproxy.cfg');
        writeFileSync(file, haproxyConfiguration(haproxyPort, noDelayPort, ports.node));
        // -W: as under systemd, it says when its worker is ready.
        const haproxy = new ServerProcess(HAPROXY, ['-W', '-f', file]);
        processes.push(haproxy);
        await haproxy.printed(/Loading success/);
        ports.haproxy = haproxyPort;
        ports.haproxyNoDelay = noDelayPort;
      }
    } catch (error) {
      await new LiveServers(folder, processes, ports).stop();
      throw error;
    }
    return new LiveServers(folder, processes, ports);
  }

  /** Where that server answers. */
  origin(server: LiveServer): string {
    return `http://127.0.0.1:${this.#ports[server]}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop()));
    rmSync(this.#folder, { recursive: true });
  }
}

async function portOf(server: ServerProcess): Promise<number> {
  const [, port] = await server.printed(/^port (\d+)/m);
  return Number(port);
}

/** Held open together, so that all differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      return new Promise<Server>((resolve) => {
        const server: Server = createServer().listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function nginxLocations(upstream: number): string[] {
  const locations = {
    buffered: '',
    unbuffered: 'proxy_buffering off;',
    http11: 'proxy_http_version 1.1; proxy_set_header Connection "";',
    'http11-unbuffered': 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;',
    'gzip-buffered': 'gzip on;',
    gzip: 'gzip on; proxy_buffering off;',
    timeout: 'proxy_buffering off; proxy_read_timeout 2s;',
  };
  return Object.entries(locations).map(
    ([path, settings]) => `location /${path}/ { proxy_pass http://127.0.0.1:${upstream}/; ${settings} }`,
  );
}

function haproxyConfiguration(port: number, noDelayPort: number, upstream: number): string {
  return `
    defaults
      mode http
      timeout connect 5s
      timeout client 60s
      timeout server 60s
    listen plain
      bind 127.0.0.1:${port}
      server model 127.0.0.1:${upstream}
    listen nodelay
      bind 127.0.0.1:${noDelayPort}
      option http-no-delay
      server model 127.0.0.1:${upstream}
`;
}
