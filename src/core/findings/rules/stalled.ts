import type { Rule } from '../rule.ts';

/** A model, or another server, fell silent for far longer than it usually does. */
export const stalled: Rule = {
  code: 'stalled',
  severity: 'info',
  rung: 4,
  advice:
    "Compare with the server's own log: a silence that is not there was made on the way. A heartbeat comment keeps proxies from closing meanwhile.",
  test({ metrics: { stalls, stallCount } }) {
    const longest = stalls.reduce((most, stall) => Math.max(most, stall.ms), 0);
    if (stallCount === 0) return null;
    return {
      message: `${stallCount === 1 ? 'One silence' : `${stallCount} silences`} far longer than the usual gap between outputs, the longest ${(longest / 1000).toFixed(1)} s.`,
      evidence: stalls.slice(0, 5).map(({ at, ms }) => ({ kind: 'gap', at, ms })),
    };
  },
};
