import { expect } from 'vitest';

/** Matches a string that contains `text`. Unlike vitest's own matchers it is typed. */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** Matches any number. */
export const someNumber: unknown = expect.any(Number);
