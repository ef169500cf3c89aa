/**
 * A process for tests to kill: opens the URL in its argument in a Chromium, with a secret in a header field, and prints
 * the origin of the page.
 */
import { ChromiumBrowser } from '../../../src/main/browser/chromium-browser.ts';

const [program = '', url = ''] = process.argv.slice(2);
await new ChromiumBrowser(program).run(
  {
    eventSourceUrl: null,
    fetchUrl: url,
    request: { method: 'GET', headers: [['Authorization', 'Bearer secret-of-the-request']], body: null },
    events: 1,
    timeout: null,
  },
  (origin) => process.stdout.write(`${origin}\n`),
  new AbortController().signal,
  () => {},
);
