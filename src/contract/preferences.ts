import { z } from 'zod';
import { captureLimits, defaultCaptureLimits } from './capture-limits.ts';
import { emptyKeptDraft, keptDraft } from './kept-draft.ts';

/** What is remembered between runs. Unknown members are dropped, wrong ones fall back to the default. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  panes: z
    .object({
      left: z.number().min(120).max(800),
      right: z.number().min(200).max(1200),
      timeline: z.number().min(80).max(800),
    })
    .catch({ left: 216, right: 372, timeline: 200 }),
  /** The request last edited in the toolbar. */
  draft: keptDraft.catch(emptyKeptDraft),
  /** What the ladder climbs: the lab, or the user's own server. `url` is the address of every rung that has none in `rungs`. */
  ladder: z
    .object({
      on: z.enum(['lab', 'target']),
      url: z.string().max(10_000),
      /** Of rungs 1 to 7; empty for none. */
      rungs: z.array(z.string().max(10_000)).length(7),
    })
    .catch({ on: 'lab', url: '', rungs: ['', '', '', '', '', '', ''] }),
  /** When to stop recording, unless a connection sets its own limits. */
  captureLimits: captureLimits.catch(defaultCaptureLimits),
});
export type Preferences = z.infer<typeof preferences>;
