import { Hop, type TransferConsumer } from './hop.ts';
import type { ProxyEnvironment } from './proxy.ts';
import type { Ending } from './client-error.ts';
import type { Recording } from './recording.ts';
import type { StreamRequest } from './stream-request.ts';

/**
 * Sends a request, follows redirects, and records everything up to the end of the response. All Node clients use it.
 * Never rejects; when `signal` is aborted, it settles at once with `aborted`.
 */
export async function transfer(
  request: StreamRequest,
  recording: Recording,
  signal: AbortSignal,
  consumer: TransferConsumer,
  environment: ProxyEnvironment,
): Promise<Ending> {
  const stop = AbortSignal.any([signal, recording.broken]);
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const outcome = await new Hop(current, redirects, recording, consumer, environment).run(stop);
    if (recording.broken.aborted) return recording.brokenEnding;
    if (outcome.kind === 'ended') return outcome.ending;
    recording.note('redirect', {
      status: outcome.status,
      from: current.url.href,
      to: outcome.request.url.href,
      credentialsDropped: outcome.credentialsDropped,
      headers: outcome.headers,
    });
    current = outcome.request;
  }
}
