/**
 * The lanes of the timeline: rows of `chunks` are chunks, of `events` blocks, of `json` documents. (Apart from `lane.ts`, so
 * that a user interface can have the names without what checks parameters.)
 */
export const lanes = ['chunks', 'events', 'json'] as const;
export type Lane = (typeof lanes)[number];
