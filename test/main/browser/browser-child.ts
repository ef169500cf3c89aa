/**
 * A process to be killed: opens the URL given as its argument in a Chromium, with a secret in a header field, and says on
 * its standard output what the page's origin is.
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
