import { useEffect, useRef, useState } from 'react';

/** How often a silence grows on the screen, in ms. */
const BEAT = 250;

/**
 * The present on a live capture's axis, in ms since its request began; null where it is not live. Counted from when the
 * newest record came to be known here, so that the clocks of host and page need not agree.
 *
 * @param newest when the newest record arrived, null for none yet
 */
export function useLiveNow(live: boolean, newest: number | null): number | null {
  const known = useRef({ newest, since: performance.now() });
  const [now, setNow] = useState<number | null>(null);

  useEffect(() => {
    known.current = { newest, since: performance.now() };
  }, [newest]);

  useEffect(() => {
    if (!live) {
      setNow(null);
      return;
    }
    const beat = (): void => setNow((known.current.newest ?? 0) + performance.now() - known.current.since);
    const timer = setInterval(beat, BEAT);
    return () => clearInterval(timer);
  }, [live]);

  return live ? Math.max(now ?? 0, newest ?? 0) : null;
}
