import type { EndRecord, RecordSink } from '../../core/capture/record.ts';
import type { ClientOptions, StreamClient } from './client.ts';
import type { StreamRequest } from './stream-request.ts';
import { Recording } from './recording.ts';
import { withReconnection } from './reconnection.ts';
import { transfer } from './transfer.ts';

/** Opens any URL with any method and records what comes, with no library between the HTTP parser and the capture. */
export class RawClient implements StreamClient {
  readonly name = 'raw';
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord> {
    const recording = new Recording(sink, request.limits);
    const environment = this.#options.environment ?? process.env;
    const ending = request.reconnect
      ? await withReconnection(request, recording, signal, environment)
      : await transfer(request, recording, signal, {}, environment);
    if (ending.reason === 'aborted') recording.note('abort', {});
    return recording.end(ending);
  }
}
