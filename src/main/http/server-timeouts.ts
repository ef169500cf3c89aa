/**
 * Timeouts of the servers of this program, in ms. They limit how long a request may take to arrive, not how long a
 * response may take: an event stream lasts as long as the client reads it.
 */
export const serverTimeouts = {
  /** From the connection, or the end of the previous request, to the end of the header fields. */
  headersTimeout: 10_000,
  /** From the same moment to the end of the body. */
  requestTimeout: 60_000,
  /** Idle time before the next request on a connection. */
  keepAliveTimeout: 30_000,
  /** How often Node checks these timeouts. */
  connectionsCheckingInterval: 1000,
} as const;

export type ServerTimeouts = { readonly [Name in keyof typeof serverTimeouts]: number };
