import { randomUUID } from 'node:crypto';

const prefix = 'ladder-';

/** A new id for a request that the ladder sends to the lab. */
export function ladderRequestId(): string {
  return `${prefix}${randomUUID()}`;
}

/** Whether a request of the lab's log is the ladder's own, or was made on behalf of one. */
export function isLadderRequest(requestId: string | null): boolean {
  return requestId?.startsWith(prefix) ?? false;
}
