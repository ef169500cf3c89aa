import { evidence, headerOf, statusOf } from '../../lab/lab-stream.ts';
import { checkCaching, checkResponse } from '../../lab/rungs/endpoint.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields } from '../target-checks.ts';
import type { TargetStream } from '../target-stream.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';

/** Rung 1 on somebody's server: status, type, caching and encoding, and five `hello world` events. */
export const endpointTarget: TargetRung = {
  rung: 1,

  async climb(climb: TargetClimb): Promise<undefined> {
    const run = await climb.record('The stream, opened by the raw client');
    const status = statusOf(run);
    if (status === null) return void checkAnswered(climb, run);
    checkResponse(climb, run);
    if (status !== 200) return;
    // [spec] RFC 9110 §9.3.3: a response to POST is kept only where it says so.
    if (climb.request.method === undefined || /^(get|head)$/i.test(climb.request.method))
      checkCaching(climb, run);
    else climb.leaveOut('response-is-not-cached', `caches keep no response to ${climb.request.method}`);
    checkEncoding(climb, run);
    checkEvents(climb, run, climb.request.own ? helloWorlds : null);
    checkYields(climb, run);
    checkTargetEnd(climb, run);
  },
};

/** What rungs 1 and 2 send. */
export const helloWorlds = {
  count: 5,
  what: 'each with the data “hello world”',
  fits: ({ data }: { readonly data: string }): boolean => data === 'hello world',
};

/** [spec] HTML §9.2.3: streams are decoded as UTF-8, "there is no way to specify another character encoding". */
function checkEncoding(climb: TargetClimb, run: TargetStream): void {
  const type = headerOf(run, 'content-type') ?? '';
  const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1];
  const coding = headerOf(run, 'content-encoding');
  climb.check(
    'charset-is-utf-8',
    'The content type names no other charset than UTF-8.',
    charset === undefined || /^utf-?8$/i.test(charset),
    [
      evidence(
        run,
        `charset ${charset ?? 'not named'}, content-encoding ${coding ?? 'none'}, HTTP version ${httpVersionOf(run)}`,
        { kind: 'header', name: 'content-type' },
      ),
    ],
  );
}

function httpVersionOf(run: TargetStream): string {
  const response = run.records.find((record) => record.kind === 'response');
  return response === undefined || response.httpVersion === '' ? 'unknown' : response.httpVersion;
}
