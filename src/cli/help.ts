import { captureFileFormats } from '../core/capture/detect.ts';
import { exportFormatNames } from '../core/export/formats.ts';
import { nodeClientNames } from '../main/client/create-client.ts';

const head = `SSE Inspector: see a stream at every step of its way.

usage: sse-inspector COMMAND …      (in the repository: npm run -s cli -- COMMAND …)
`;

const sections: Readonly<Record<string, string>> = {
  capture: `  capture URL [-X METHOD] [-H 'Name: value']… [-d BODY|@FILE] [-o FILE]
      Opens the URL, shows events as they come, writes a capture (.ssecap.ndjson).
      -X, --method M      default GET, or POST with a body
      -H, --header 'K: V' may be given several times
      -d, --data BODY     the body; @FILE reads a file, @- standard input
      --client NAME       ${alternatives(nodeClientNames)}; default ${nodeClientNames[0]}
      -o, --output FILE   default: a name from host and time, in this folder
      --max-time S        stop after S seconds
      --max-size SIZE     stop after so many decoded bytes, as 500MB; default 10GB
      --max-ratio N       stop where a body decompresses to more than N times its size, from 256 MB on; default 200
      -k, --insecure      accept any TLS certificate
      --reconnect         reconnect as the standard says
      --all               show every block, also those that dispatch nothing
      --with-secrets      keep Authorization, Cookie and keys in what is written
`,
  inspect: `  inspect FILE|- [--as summary|chunks|events|json|messages|findings] [--all] [--split N|random:SEED]
      Runs the pipeline over a .ssecap.ndjson, a .har, raw event-stream bytes or JSON lines.
      --as ASPECT         default summary
      --all               with events: every block, and why it dispatched nothing
      --split HOW         feed the body in pieces of N bytes, or of random sizes
      --format NAME       read the file as ${alternatives(captureFileFormats)}, whatever it looks like
`,
  export: `  export FILE --to ${exportFormatNames.join('|')} [-o FILE] [--with-secrets]
      Converts a capture. Secrets are redacted unless --with-secrets is given.
      In CSV, cells that a spreadsheet would run as a formula begin with an apostrophe.
      --capture N         which one, where the file holds several
      --format NAME       read the file as ${alternatives(captureFileFormats)}, whatever it looks like
`,
  check: `  check URL|FILE [--probe] [--against FILE] [--expect EXPR]… [--junit FILE] [--fail-on error|warning]
      Climbs the ladder on any stream: a line a rung, then what is wrong, worst first, with what proves it, what may
      cause it and what would decide. Exit status 1 where something fails. A URL takes the options of capture.
      --probe             sends up to 12 more requests to decide what one capture cannot: without compression, from a
                          browser, with the eventsource package, again, two at once, for a longer answer, with
                          Last-Event-ID. They can cost money. With -o each is kept beside FILE
      --against FILE      compares with another capture: where time was added, what was merged, changed or lost
      --expect EXPR       such as first-event<800ms, events>=5, gap.p95<2s, finish=stop, no:response-buffered
                          (docs/expectations.md); may be given several times
      --junit FILE        writes the result as JUnit XML
      --fail-on SEVERITY  warning (default) or error
      --max-time S        stop after S seconds (default 300)
      -o, --output FILE   keeps the capture of a URL
      --format NAME       read the file as ${alternatives(captureFileFormats)}, whatever it looks like
`,
  compare: `  compare A B… [--json]
      Aligns the events of captures by content, each with those of A: what came later, was merged, changed, is
      missing or was added. Exit status 1 where content differs; times alone are no difference.
      --format NAME       read the files as ${alternatives(captureFileFormats)}, whatever they look like
`,
  ladder: `  ladder [--rung N]… [--break FAULT] [--json]
  ladder --target URL…|FILE [--rung N]… [--json]
  ladder --starter flask|fastapi|express|fastify|next FOLDER
      Climbs the seven rungs against a lab of its own, or against your server; exit status 1 where one fails.
      --target URL        this one for all rungs; several are rung 1, 2 and so on
      --target FILE       JSON with the request of each rung: docs/ladder-target.md
      --starter NAME      writes a server with all seven rungs into a new FOLDER
      --rung N            this rung alone; may be given several times
      --break FAULT       breaks the rung that FAULT belongs to, to see it fail
      --delay MS          between the yields of rung 4 (default 250)
      --base-url URL      rung 6 calls this OpenAI-compatible API instead of the scripted
      --model NAME        model; OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL are read
      --api NAME          chat (default) or responses
      --scripted          the scripted model, whatever the environment says
`,
  lab: `  lab [--port N]
      Runs the lab alone, until Ctrl-C. Prints its addresses, then each request, yield, write and
      end as it happens.
`,
  serve: `  serve [FILE…] [--port N] [--data FOLDER]
      The user interface in a browser on this machine, until Ctrl-C.
`,
};

const foot = `
  --json                  NDJSON instead of a table; the default where output is no terminal
  --help, --version

exit status: 0 done, 1 the stream failed what was asked, 2 usage, 3 could not connect, read or write
`;

/** What can be done; of one command where it is named. */
export function helpText(command: string | undefined): string {
  const section = command !== undefined && Object.hasOwn(sections, command) ? sections[command] : undefined;
  const shown = section === undefined ? Object.values(sections) : [section];
  return `${head}\n${shown.join('\n')}${foot}`;
}

/** `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
