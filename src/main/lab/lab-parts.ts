import type { LabLog } from './lab-log.ts';
import type { ModelCalls } from './model-calls.ts';
import type { OpenStreams } from './open-streams.ts';
import type { PageOrigins } from './page-origins.ts';
import type { Upstreams } from './upstreams.ts';

/** What the endpoints of one lab share. */
export interface LabParts {
  readonly log: LabLog;
  readonly streams: OpenStreams;
  readonly origins: PageOrigins;
  readonly upstreams: Upstreams;
  readonly calls: ModelCalls;
  /** Aborts when the lab begins to close. */
  readonly closing: AbortSignal;
}
