import type { Rule } from '../rule.ts';

/** [spec] HTML §9.2.6: event streams are always decoded as UTF-8. */
export const utf8Invalid: Rule = {
  code: 'utf8-invalid',
  severity: 'warning',
  rung: 3,
  advice: 'Encode as UTF-8, and cut text at characters, not at bytes, before it is put into events.',
  test({ facts: { illFormed } }) {
    if (illFormed.count === 0) return null;
    return {
      message: `${illFormed.count} ${illFormed.count === 1 ? 'block is' : 'blocks are'} not well-formed UTF-8.`,
      evidence: illFormed.first.map(({ block }) => ({ kind: 'block', block })),
    };
  },
};
