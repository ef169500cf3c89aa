import type { Rule } from '../rule.ts';

/** A model fell silent in the middle of its answer. Other streams are silent whenever there is no news. */
export const stalled: Rule = {
  code: 'stalled',
  severity: 'info',
  rung: 4,
  advice:
    "Compare with the server's own log: a silence that is not there was made on the way. A heartbeat comment keeps proxies from closing meanwhile.",
  test({ dialect, metrics: { stalls, stallCount } }) {
    const longest = stalls.reduce((most, stall) => Math.max(most, stall.ms), 0);
    if (stallCount === 0 || dialect === null) return null;
    return {
      message: `${stallCount === 1 ? 'One silence' : `${stallCount} silences`} far above the usual gap, the longest ${(longest / 1000).toFixed(1)} s.`,
      evidence: stalls.slice(0, 5).map(({ at, ms }) => ({ kind: 'gap', at, ms })),
    };
  },
};
