import type { ResponseHead } from './http-exchange.ts';

/** A response, after redirects. */
export interface TransferResponse extends ResponseHead {
  readonly url: URL;
  readonly redirected: boolean;
}

/** Who else wants what is recorded, right after it was. */
export interface TransferConsumer {
  onResponse?(response: TransferResponse): void;
  /** Decoded body bytes. A promise slows the stream down until it settles; it must not reject. */
  onBytes?(bytes: Uint8Array): Promise<void> | undefined;
}
