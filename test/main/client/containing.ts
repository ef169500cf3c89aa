import { expect } from 'vitest';

/** Matches a string with `text` in it; typed, which vitest's own matchers are not. */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** Matches any number. */
export const someNumber: unknown = expect.any(Number);
