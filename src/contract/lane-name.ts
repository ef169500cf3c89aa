/**
 * The lanes of the timeline, named after their rows. The window titles `blocks` "Events" and `documents` "JSON". (A file of
 * its own, so that a page can import the names without zod.)
 */
export const lanes = ['chunks', 'blocks', 'documents'] as const;
export type Lane = (typeof lanes)[number];
