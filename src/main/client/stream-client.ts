import type { HeaderList } from '../../core/headers.ts';
import type { CaptureLimits } from '../../contract/capture-limits.ts';
import type { CaptureRequest, ClientName, EndRecord, RecordSink } from '../../core/capture/record.ts';

/** What a client opens. Already checked: the URL is absolute http or https, header names and values are legal. */
export interface StreamRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | null;
  /** Accept any TLS certificate. */
  readonly insecure: boolean;
  /** Reconnect as [spec] HTML §9.2.3 says. */
  readonly reconnect: boolean;
  /** ms of silence after which the connection is ended with `timeout`; null for never. */
  readonly idleTimeout: number | null;
  /** When to stop recording. */
  readonly limits: CaptureLimits;
}

/** The request as the header of a capture has it, secrets included. */
export function describedRequest(
  { method, url, headers, body }: Pick<StreamRequest, 'method' | 'url' | 'headers' | 'body'>,
  client: ClientName,
): CaptureRequest {
  return { method, url: url.href, headers, client, ...(body === null ? {} : { body }) };
}

/** Header fields with those of `over` instead of any of the same names. */
export function withHeaders(under: HeaderList, over: HeaderList): HeaderList {
  const named = new Set(over.map(([name]) => name.toLowerCase()));
  return [...under.filter(([name]) => !named.has(name.toLowerCase())), ...over];
}

/**
 * One way of opening a stream. Every record but the last goes to `sink`; the last is returned after it went there
 * too. Never rejects: what goes wrong is an `end` record with its reason. Aborting `signal` ends at once with
 * `aborted`.
 */
export interface StreamClient {
  readonly name: ClientName;
  open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord>;
}
