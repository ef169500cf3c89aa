import type { Bridge } from '../../contract/bridge.ts';
import type { Connection } from '../../contract/commands.ts';
import { HttpConnection } from './http-connection.ts';
import { IpcConnection } from './ipc-connection.ts';

declare global {
  interface Window {
    /** Present where a preload script put it: in the desktop window. */
    readonly sseInspector?: Bridge;
  }
}

const TOKEN_KEY = 'sse-inspector-token';

/**
 * The page's connection to its host: the preload script's bridge where there is one, else HTTP with the token of the
 * printed address. The token comes in the fragment, which browsers never send; it is kept for this tab only, so that a
 * reload works, and taken out of the address bar.
 */
export function connect(): Connection {
  if (window.sseInspector !== undefined) return new IpcConnection(window.sseInspector);
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(TOKEN_KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return new HttpConnection(given ?? sessionStorage.getItem(TOKEN_KEY) ?? '');
}
