import { randomUUID } from 'node:crypto';

const prefix = 'ladder-';

/** A new id for a request of the ladder to the lab. */
export function ladderRequestId(): string {
  return `${prefix}${randomUUID()}`;
}

/** Whether a request in the lab's log is one of the ladder, or an upstream call for one. */
export function isLadderRequest(requestId: string | null): boolean {
  return requestId?.startsWith(prefix) ?? false;
}
