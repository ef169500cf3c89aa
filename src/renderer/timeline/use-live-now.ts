import { useEffect, useState } from 'react';

/** How often the current time is updated, in ms. */
const BEAT = 250;

/**
 * The current time on a live capture's axis, in ms since its request began; null if it is not live. Host and window run on
 * one machine, so they share its clock.
 *
 * @param startedAt when the request began, ISO 8601
 * @param newest when the newest record arrived, null for none yet: the result is never before it
 */
export function useLiveNow(live: boolean, startedAt: string, newest: number | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => setNow(Date.now()), BEAT);
    return () => clearInterval(timer);
  }, [live]);
  return live ? Math.max(now - Date.parse(startedAt), newest ?? 0, 0) : null;
}
