import { evidence, headerOf, statusOf } from '../../received-stream.ts';
import { checkCaching, checkResponse } from '../../stream-checks.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** Rung 1 on a target: status, type, caching and encoding, and five `hello world` events. */
export const endpointTarget: TargetRung = {
  rung: 1,

  async climb(climb: TargetClimb): Promise<undefined> {
    const stream = await climb.record('The stream, opened by the raw client');
    const status = statusOf(stream);
    if (status === null) return void checkAnswered(climb, stream);
    checkResponse(climb, stream);
    if (status !== 200) return;
    // [spec] RFC 9110 §9.3.3: a response to POST is cacheable only with explicit freshness information.
    if (climb.request.method === undefined || /^(get|head)$/i.test(climb.request.method))
      checkCaching(climb, stream);
    else climb.leaveOut('response-is-not-cached', `caches do not store responses to ${climb.request.method}`);
    checkEncoding(climb, stream);
    checkEvents(climb, stream, climb.request.own ? helloWorlds : null);
    checkYields(climb, stream);
    checkTargetEnd(climb, stream);
  },
};

/** The events of rungs 1 and 2. */
export const helloWorlds = {
  count: 5,
  what: 'each with the data “hello world”',
  fits: ({ data }: { readonly data: string }): boolean => data === 'hello world',
};

/** [spec] HTML §9.2.3: streams are decoded as UTF-8, "there is no way to specify another character encoding". */
function checkEncoding(climb: TargetClimb, stream: TargetStream): void {
  const type = headerOf(stream, 'content-type') ?? '';
  const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1];
  const coding = headerOf(stream, 'content-encoding');
  climb.check(
    'charset-is-utf-8',
    'The content type does not name another charset than UTF-8.',
    charset === undefined || /^utf-?8$/i.test(charset),
    [
      evidence(
        stream,
        `charset ${charset ?? 'not named'}, content-encoding ${coding ?? 'none'}, HTTP version ${httpVersionOf(stream)}`,
        { kind: 'header', name: 'content-type' },
      ),
    ],
  );
}

function httpVersionOf(stream: TargetStream): string {
  const response = stream.records.find((record) => record.kind === 'response');
  return response === undefined || response.httpVersion === '' ? 'unknown' : response.httpVersion;
}
