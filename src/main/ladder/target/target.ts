import type { HeaderList } from '../../../core/headers.ts';
import { type RungNumber, rungNumbers } from '../../../core/rungs.ts';
import type { LadderTarget } from '../../../contract/ladder-target.ts';
import { Refusal } from '../../../contract/refusal.ts';
import { parseStreamRequest, type StreamRequest, withHeaders } from '../../client/stream-request.ts';

/** The request of a rung. */
export interface RungRequest {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: HeaderList;
  readonly body: string | undefined;
  readonly origin: string;
  /** The rung has its own request, so that the events of its step are expected. */
  readonly own: boolean;
}

/** The user's server: the requests of its rungs. */
export type Target = ReadonlyMap<RungNumber, RungRequest>;

/**
 * Reads and validates the requests of a target.
 * @throws Refusal as `parseStreamRequest` does, with the rung in its message; `bad-params` if there is no request.
 */
export function targetOf(file: LadderTarget): Target {
  const target = new Map<RungNumber, RungRequest>();
  for (const rung of rungNumbers) {
    try {
      const request = requestOf(file, rung);
      if (request === null) continue;
      const { origin } = streamRequest(request).url;
      target.set(rung, { ...request, origin });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.code, `Rung ${rung}: ${error.message}`, { cause: error });
    }
  }
  if (target.size === 0) throw new Refusal('bad-params', 'The target has no URL for any rung.');
  return target;
}

/** The request for a client, with additional header fields. */
export function streamRequest(
  { url, method, headers, body }: Omit<RungRequest, 'origin'>,
  more: HeaderList = [],
): StreamRequest {
  return parseStreamRequest({
    url,
    client: 'raw',
    headers: withHeaders(headers, more).map(([name, value]) => [name, value]),
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body }),
  });
}

function requestOf(file: LadderTarget, rung: RungNumber): Omit<RungRequest, 'origin'> | null {
  const given = file.rungs?.[rung];
  if (given === null) return null;
  const shared = Object.entries(file.headers ?? {});
  if (given === undefined) {
    if (file.url === undefined) return null;
    const { url, method, body } = file;
    return { url: absolute(url, file.base), method, headers: shared, body: textOf(body), own: false };
  }
  const own = typeof given === 'string' ? { url: given } : given;
  return {
    url: absolute(own.url, file.base ?? file.url),
    method: own.method,
    headers: withHeaders(shared, Object.entries(own.headers ?? {})),
    body: textOf(own.body),
    own: true,
  };
}

/** Resolves a relative URL against the base. */
function absolute(url: string, base: string | undefined): string {
  if (!/^[/?.]/.test(url)) return url;
  if (base === undefined) throw new Refusal('bad-url', `${url} is relative, but the target has no base.`);
  return new URL(url, parseStreamRequest({ url: base, client: 'raw' }).url).href;
}

function textOf(body: LadderTarget['body']): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}
