import type { Bridge } from '../../contract/bridge.ts';
import type { Connection } from '../../contract/commands.ts';
import { HttpConnection } from './http-connection.ts';
import { IpcConnection } from './ipc-connection.ts';

declare global {
  interface Window {
    /** Set by the preload script of the desktop application. */
    readonly sseInspector?: Bridge;
  }
}

const TOKEN_KEY = 'sse-inspector-token';

/**
 * Connects the page to its host: over the preload script's bridge if there is one, else over HTTP with the token from the
 * printed URL. The token is in the fragment, which browsers never send. It is stored for this tab only, so that a reload
 * works, and removed from the address bar.
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
