import { app, type Session } from 'electron';
import { isOwnAddress } from './app-protocol.ts';

/**
 * Closes what no page of this application needs. Whatever a stream might bring to run in the page: it has no
 * permission, goes nowhere, opens nothing, loads nothing from elsewhere and saves nothing by itself.
 * @param isAllowed whether an address may be loaded at all
 */
export function contain(session: Session, isAllowed: (address: string) => boolean = isOwnAddress): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isAllowed(details.url) }));
}

/**
 * Takes the network away from a session. What its pages load is answered within this process; WebRTC, which knows no
 * content security policy and asks no `webRequest`, would find a way out over TCP. Nothing can listen on port 0.
 */
export function blockNetwork(session: Session): Promise<void> {
  return session.setProxy({
    mode: 'fixed_servers',
    proxyRules: 'socks5://127.0.0.1:0',
    proxyBypassRules: '<-loopback>',
  });
}

/** The same for every page, of whichever session: navigation, windows and embedded pages. */
export function containEveryPage(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // WebRTC may not send UDP.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
