import { net, protocol } from 'electron';
import { contentSecurityPolicy, loadPageFiles, type PageFile } from '../http/page-files.ts';

/** Origin of the user interface. Unlike `file:`, it has no access to files. */
export const appOrigin = 'app://sse-inspector';

/** The page that the window shows. */
export const appPage = `${appOrigin}/index.html`;

/** The development server that serves the page in `npm run dev`. */
const developmentServer = import.meta.env.DEV ? process.env['ELECTRON_RENDERER_URL'] : undefined;

/** Whether the files of the page are fetched over the network. */
export const comesFromDevelopmentServer = developmentServer !== undefined;

const headers = {
  'content-security-policy': contentSecurityPolicy("'none'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Registers `app:` as a standard, secure scheme. Call before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Serves the built user interface under `app:`. Files are read once and looked up by path, so that no path from a page
 * is ever joined to a folder. Call when the application is ready.
 */
export function serveAppScheme(pageFolder: string): void {
  const files = developmentServer === undefined ? loadPageFiles(pageFolder) : null;
  protocol.handle('app', async (request) => {
    if (files === null) return net.fetch(new URL(new URL(request.url).pathname, developmentServer).href);
    return respond(request, await files);
  });
}

/** Responds to one request of the page, with 404 for unknown files. */
function respond(request: Request, files: ReadonlyMap<string, PageFile>): Response {
  const url = new URL(request.url);
  if (request.method !== 'GET') return new Response('Only GET.', { status: 405, headers });
  const file = `${url.protocol}//${url.host}` === appOrigin ? files.get(url.pathname) : undefined;
  if (file === undefined) return new Response('Not found.', { status: 404, headers });
  return new Response(new Uint8Array(file.body), {
    headers: { ...headers, 'content-type': file.contentType },
  });
}

/** Whether the page may load an address: only its own files and those of the developer tools. */
export function isOwnAddress(address: string): boolean {
  const url = new URL(address);
  if (url.protocol === 'devtools:') return true;
  if (developmentServer !== undefined && url.hostname === new URL(developmentServer).hostname) return true;
  return `${url.protocol}//${url.host}` === appOrigin;
}
