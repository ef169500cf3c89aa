import { expect, test } from 'vitest';
import { evidenceText } from '../../../src/core/findings/evidence-text.ts';

test.each([
  [{ kind: 'bytes', start: 3, end: 4 }, 'byte 3'],
  [{ kind: 'bytes', start: 3, end: 9 }, 'bytes 3–8'],
  [{ kind: 'document', document: 2, at: 17 }, 'JSON 2, character 17'],
  [{ kind: 'note', at: null, text: 'aborted' }, 'aborted'],
  [{ kind: 'end', reason: 'timeout', error: 'late' }, 'end: timeout, late'],
] as const)('the evidence %j is %j', (evidence, expected) => {
  expect(evidenceText(evidence)).toBe(expected);
});
