import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '../fixture/app.ts';

// Needs Electron itself: the browser's own rules and the gate of `serve` are tested elsewhere.

test('the page has neither Node nor Electron, only a bridge with two functions', async ({ page }) => {
  const seen = await page.evaluate(() => ({
    node: ['process', 'require', 'module', 'Buffer', 'global', 'electron'].filter(
      (name) => name in globalThis,
    ),
    bridge: Object.entries(Reflect.get(globalThis, 'sseInspector') as object).map(([name, value]) => [
      name,
      typeof value,
    ]),
  }));
  expect(seen.node).toEqual([]);
  expect(seen.bridge).toEqual([
    ['call', 'function'],
    ['listen', 'function'],
  ]);
});

test('the window is sandboxed, isolated and without Node integration', async ({ app }) => {
  const preferences = await app.electron?.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  expect(preferences?.['webviewTag']).not.toBe(true);
  expect(preferences?.['nodeIntegrationInSubFrames']).not.toBe(true);
});

test('the content security policy is a header and allows no inline code, no eval and no connection', async ({
  page,
}) => {
  const response = await page.reload();
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("connect-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('inline scripts, event handlers, inline styles and eval do nothing', async ({ page }) => {
  const { ran, directives } = await page.evaluate(async () => {
    const ran: string[] = [];
    const directives: string[] = [];
    // The policy reports each refused attempt, also those in a later task.
    const refused = new Promise<void>((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => {
        if (directives.push(event.effectiveDirective) === Object.keys(attempts).length) resolve();
      }),
    );
    Object.assign(globalThis, { inlineRan: (what: string) => ran.push(what) });
    const button = document.createElement('button');
    const attempts: Record<string, () => void> = {
      script: () => {
        const script = document.createElement('script');
        script.append("inlineRan('script')");
        document.body.append(script);
      },
      markup: () => {
        button.innerHTML = '<img src="x" onerror="inlineRan(\'markup\')">';
      },
      handler: () => {
        button.setAttribute('onclick', "inlineRan('handler')");
        button.click();
      },
      'javascript address': () => {
        const link = document.createElement('a');
        link.setAttribute('href', "javascript:inlineRan('javascript address')");
        document.body.append(link);
        link.click();
      },
      // In a task of the page: code that the debugger evaluates directly may use eval.
      // oxlint-disable-next-line no-eval -- that it fails is what is tested
      eval: () => void setTimeout(() => (0, eval)("inlineRan('eval')")),
      timer: () => setTimeout("inlineRan('timer')" as unknown as () => void),
      style: () => {
        button.setAttribute('style', 'color: rgb(1, 2, 3)');
        document.body.append(button);
        if (getComputedStyle(button).color === 'rgb(1, 2, 3)') ran.push('style');
      },
    };
    for (const attempt of Object.values(attempts)) {
      try {
        attempt();
      } catch {
        // Refused with an exception.
      }
    }
    await refused;
    return { ran, directives };
  });
  expect(ran).toEqual([]);
  expect(directives.toSorted()).toEqual([
    ...Array.from({ length: 5 }, () => 'require-trusted-types-for'),
    'script-src-elem',
    'style-src-attr',
  ]);
});

test('the page cannot navigate away, neither by script, nor by a link, nor to a file', async ({ page }) => {
  const before = page.url();
  for (const address of [
    'https://example.invalid/',
    'file:///etc/passwd',
    'app://sse-inspector/other.html',
    'data:text/html,x',
  ]) {
    await page.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
      link.remove();
    }, address);
    await page.evaluate((to) => location.assign(to), address).catch(() => undefined);
    expect(await page.evaluate(() => location.href)).toBe(before);
  }
});

test('the page cannot open a window', async ({ app, page }) => {
  const opened = await page.evaluate(() => window.open('https://example.invalid/') !== null);
  const windows = await app.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect({ opened, windows }).toEqual({ opened: false, windows: 1 });
});

test('every permission is denied, when requested and when queried', async ({ page }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
    const found: Record<string, string> = {};
    for (const name of names) {
      try {
        found[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
      } catch {
        found[name] = 'denied';
      }
    }
    found['notification request'] = await Notification.requestPermission();
    found['position'] = await new Promise<string>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        () => resolve('denied'),
      ),
    );
    found['clipboard text'] = await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'denied',
    );
    return found;
  });
  expect(new Set(Object.values(states))).toEqual(new Set(['denied']));
});

test('the page cannot access files, other hosts or paths outside the user interface', async ({
  app,
  page,
}) => {
  const fetched = await page.evaluate(async () => {
    const addresses = [
      'file:///etc/passwd',
      'http://127.0.0.1:1/',
      'app://sse-inspector/index.html',
      'app://other/index.html',
    ];
    const reached: string[] = [];
    for (const address of addresses) {
      await fetch(address).then(
        () => reached.push(address),
        () => undefined,
      );
    }
    return reached;
  });
  expect(fetched).toEqual([]);

  // Without the content security policy, at the protocol itself.
  const answers = await app.electron?.evaluate(async ({ net }) => {
    const paths = [
      'index.html',
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
      '..\\..\\package.json',
      '/etc/passwd',
      'assets/../../main/index.js',
      'index.html%00.js',
    ];
    const found: [string, number][] = [];
    for (const path of paths) {
      const response = await net.fetch(`app://sse-inspector/${path}`);
      await response.arrayBuffer();
      found.push([path, response.status]);
    }
    found.push([
      'other host',
      await net.fetch('app://other/index.html').then(
        (r) => r.status,
        () => 404,
      ),
    ]);
    found.push(['POST', (await net.fetch('app://sse-inspector/index.html', { method: 'POST' })).status]);
    return found;
  });
  expect(answers?.[0]).toEqual(['index.html', 200]);
  expect(answers?.slice(1).filter(([, status]) => status !== 404)).toEqual([['POST', 405]]);
});

test('a command from another window is refused, even with the same preload and the same page', async ({
  app,
}) => {
  const outcomes = await app.electron?.evaluate(async ({ BrowserWindow, app: electronApp }) => {
    const { join } = process.getBuiltinModule('node:path');
    const call = "globalThis.sseInspector.call('captures.list', {})";
    const found: unknown[] = [];
    for (const address of ['app://sse-inspector/index.html', 'about:blank']) {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload: join(electronApp.getAppPath(), 'out/preload/index.cjs') },
      });
      await stranger.loadURL(address);
      found.push(await stranger.webContents.executeJavaScript(call));
      stranger.destroy();
    }
    return found;
  });
  expect(outcomes).toEqual([
    { ok: false, refusal: { code: 'not-available', message: expect.any(String) } },
    { ok: false, refusal: { code: 'not-available', message: expect.any(String) } },
  ]);
});

test('a frame inside the page gets no bridge and no connection', async ({ page }) => {
  const inside = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = 'app://sse-inspector/index.html';
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    try {
      return Reflect.get(frame.contentWindow ?? {}, 'sseInspector') === undefined ? 'no bridge' : 'bridge';
    } catch {
      return 'unreachable';
    } finally {
      frame.remove();
    }
  });
  expect(inside).not.toBe('bridge');
});

test('commands from the bridge are checked: unknown commands and wrong parameters are refused', async ({
  page,
}) => {
  const outcomes = await page.evaluate(async () => {
    const bridge = Reflect.get(globalThis, 'sseInspector') as {
      call(name: unknown, params: unknown): Promise<unknown>;
    };
    return Promise.all([
      bridge.call('no.such', {}),
      bridge.call('constructor', {}),
      bridge.call({ toString: 'x' }, {}),
      bridge.call('capture.rows', { capture: '../../etc/passwd', lane: 'blocks', from: 0, to: 1 }),
      bridge.call('preferences.set', null),
    ]);
  });
  const codes = outcomes.map((outcome) => (outcome as { refusal?: { code: string } }).refusal?.code);
  expect(codes).toEqual([
    'unknown-command',
    'unknown-command',
    'unknown-command',
    'bad-params',
    'bad-params',
  ]);
});

/** Tries to connect by WebRTC over UDP and TCP, until no candidates are left. Sent to a page as text. */
async function gather({ udp, tcp }: { readonly udp: number; readonly tcp: number }): Promise<string> {
  const connection = new RTCPeerConnection({
    iceServers: [
      { urls: `stun:127.0.0.1:${udp}` },
      { urls: `turn:127.0.0.1:${tcp}?transport=tcp`, username: 'a', credential: 'b' },
    ],
  });
  const done = new Promise<void>((resolve) => {
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') resolve();
    });
  });
  connection.createDataChannel('out');
  await connection.setLocalDescription(await connection.createOffer());
  await done;
  connection.close();
  return connection.localDescription?.sdp ?? '';
}

test('no packet leaves the window by WebRTC, over UDP or over TCP', async ({ app, page }) => {
  const packets = createSocket('udp4').bind(0, '127.0.0.1');
  const connections = createServer((socket) => socket.on('error', () => undefined).destroy()).listen(
    0,
    '127.0.0.1',
  );
  await Promise.all([once(packets, 'listening'), once(connections, 'listening')]);
  const seen = { udp: 0, tcp: 0 };
  packets.on('message', () => (seen.udp += 1));
  connections.on('connection', () => (seen.tcp += 1));
  const ports = { udp: packets.address().port, tcp: (connections.address() as AddressInfo).port };
  try {
    await page.evaluate(gather, ports);
    expect(seen).toEqual({ udp: 0, tcp: 0 });

    // A page that is not contained: its packets are received.
    await app.electron?.evaluate(
      async ({ BrowserWindow }, script) => {
        const open = new BrowserWindow({ show: false, webPreferences: { partition: 'open' } });
        open.webContents.setWebRTCIPHandlingPolicy('default');
        await open.loadURL('about:blank');
        void open.webContents.executeJavaScript(script).catch(() => undefined);
        Object.assign(globalThis, { closeOpen: () => open.destroy() });
      },
      `(${gather.toString()})(${JSON.stringify(ports)})`,
    );
    await expect.poll(() => seen.udp > 0 && seen.tcp > 0, { timeout: 20_000 }).toBe(true);
  } finally {
    await app.electron?.evaluate(() =>
      (Reflect.get(globalThis, 'closeOpen') as (() => void) | undefined)?.(),
    );
    packets.close();
    connections.close();
  }
});
