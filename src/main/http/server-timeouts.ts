/**
 * How long the servers of this program wait for a client, in ms. They limit how long a request may take to arrive, never
 * how long an answer may take: event streams live as long as somebody reads them.
 */
export const serverTimeouts = {
  /** From the connection, or from the end of the request before, to the end of the header fields. */
  headersTimeout: 10_000,
  /** The same, to the end of the body. */
  requestTimeout: 60_000,
  /** For the next request on a connection that was used. */
  keepAliveTimeout: 30_000,
  /** How often Node looks for requests that are late. */
  connectionsCheckingInterval: 1000,
} as const;

export type ServerTimeouts = { readonly [Name in keyof typeof serverTimeouts]: number };
