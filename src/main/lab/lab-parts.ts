import type { LabLog } from './lab-log.ts';
import type { OpenStreams } from './open-streams.ts';
import type { PageOrigins } from './page-origins.ts';

/** What the endpoints of one lab share. */
export interface LabParts {
  readonly log: LabLog;
  readonly streams: OpenStreams;
  readonly origins: PageOrigins;
}
