import { app, type Session } from 'electron';
import { isOwnAddress } from './app-protocol.ts';

/**
 * Denies a session everything that no page of this application needs: permissions, devices, downloads and foreign
 * addresses. Even code from a stream that ran in the page could not use them.
 * @param isAllowed whether an address may be loaded
 */
export function contain(session: Session, isAllowed: (address: string) => boolean = isOwnAddress): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isAllowed(details.url) }));
}

/**
 * Blocks the network for a session, as this process serves everything its pages load. WebRTC ignores the content
 * security policy and `webRequest`, and could otherwise connect over TCP. Nothing can listen on port 0.
 */
export function blockNetwork(session: Session): Promise<void> {
  return session.setProxy({
    mode: 'fixed_servers',
    proxyRules: 'socks5://127.0.0.1:0',
    proxyBypassRules: '<-loopback>',
  });
}

/** Denies navigation, new windows and embedded pages to every page, in all sessions. */
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
