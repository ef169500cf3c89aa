import { z } from 'zod';
import { captureId, type CaptureId } from './capture-id.ts';
import { command } from './command.ts';
import type { ConnectParams } from './connect-params.ts';

/** The request of a capture, to be edited. */
export interface EditableRequest {
  /**
   * What was asked for, without the header fields that a client adds by itself. Secrets are `[redacted]`, unless the
   * capture was stored with them.
   */
  readonly request: Omit<ConnectParams, 'limits' | 'secretsOf'>;
  /** Whether `stream.connect` can fill in what is redacted, by `secretsOf`. */
  readonly secretsHeld: boolean;
}

const ofCapture = z.object({ capture: captureId });

/** Commands about the request that a capture was made with. */
export const sentRequestCommands = {
  /**
   * Sends the request of a capture again, exactly: with its secrets, where this host still holds them or they were stored.
   * Refused with `secrets-missing` where they were redacted, with `not-available` where there is no request (a file).
   */
  'request.again': command<{ readonly capture: CaptureId }>()(ofCapture),
  'request.edit': command<EditableRequest>()(ofCapture),
} as const;
