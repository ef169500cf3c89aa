import { z } from 'zod';
import { type ProbeName, probeNames } from '../core/findings/finding.ts';
import type { ProbeVerdict } from '../core/findings/probe-verdict.ts';
import { captureId } from './capture-id.ts';
import { command } from './command.ts';

/** A probe before it is sent. */
export interface PlannedProbe {
  readonly probe: ProbeName;
  /** What it asks. */
  readonly question: string;
  /** Requests that it sends at most: each may cost money. */
  readonly requests: number;
  /** Why it is skipped; null if it is not. */
  readonly skipped: string | null;
}

/** The commands that send further requests about a capture. */
export const probeCommands = {
  /** Every probe, with the requests that it would send. Sends nothing. */
  'probe.plan': command<readonly PlannedProbe[]>()(z.object({ capture: captureId })),
  /**
   * Sends one, and answers with what it decided, up to some minutes later. Each request becomes a capture. Refused as
   * `busy` while another is running, as `not-available` if the request cannot be sent again.
   */
  'probe.run': command<ProbeVerdict>()(z.object({ capture: captureId, probe: z.enum(probeNames) })),
  /** Stops the running probe, whose command is then refused. Does nothing if none is running. */
  'probe.stop': command<null>()(z.object({})),
} as const;
