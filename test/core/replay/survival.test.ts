import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ClientRun, judge, unusable } from '../../../src/core/replay/survival.ts';

function ran(text: string, more: Partial<ClientRun> = {}, kept = 1000): ClientRun {
  const bytes = Buffer.from(text);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const output = { start: bytes.subarray(0, kept), length: bytes.length, digest };
  return { status: 0, signal: null, isHung: false, output, error: '', ms: 1, ...more };
}

const unharmed = ran('Grüße aus Zürich');

describe('a client that was served harshly', () => {
  test.each([
    ['same', ran('Grüße aus Zürich'), 'same', true, ''],
    [
      'same',
      ran('Grüße aus Z'),
      'differs',
      false,
      'the first 13 of 19 bytes; 6 are missing, from “ürich” on',
    ],
    ['same', ran(''), 'differs', false, 'It printed nothing'],
    ['same', ran('Grüße aus Zürich!'), 'differs', false, 'It printed more: “!”'],
    ['same', ran('Gr\u{FFFD}\u{FFFD}ße aus Zürich'), 'differs', false, 'At byte 2 it printed'],
    [
      'same',
      ran('', { status: 1, error: 'Error: \x1b[31mbad' }),
      'failed',
      false,
      'Exit status 1. It said: Error: ‹001b›[31mbad',
    ],
    ['same', ran('', { status: null, signal: 'SIGSEGV' }), 'failed', false, 'SIGSEGV ended it.'],
    [
      'same',
      ran('Grüße aus Zürich', { status: null, signal: 'SIGTERM', isHung: true }),
      'hung',
      false,
      'It had printed the same',
    ],
    ['same-or-error', ran('Grüße', { status: 1 }), 'reported', true, 'Exit status 1.'],
    ['same-or-error', ran('Grüße aus Zürich'), 'same', true, ''],
    ['same-or-error', ran('Grüße'), 'unnoticed', false, 'are missing'],
    ['same-or-error', ran('Grüße', { status: null, signal: 'SIGABRT' }), 'failed', false, 'SIGABRT'],
    [
      'same-or-error',
      ran('Grüße', { isHung: true, status: null, signal: 'SIGTERM' }),
      'hung',
      false,
      'did not end',
    ],
  ] as const)('where %s is expected: %o is judged %s', (expects, run, survival, passed, evidence) => {
    const verdict = judge(run, unharmed, expects);
    expect(verdict).toMatchObject({ survival, passed });
    expect(verdict.evidence).toContain(evidence);
  });

  test('is judged by all of its output, also where only the beginning is kept', () => {
    const long = 'x'.repeat(100);
    expect(judge(ran(`${long}a`, {}, 50), ran(`${long}b`, {}, 50), 'same')).toEqual({
      survival: 'differs',
      passed: false,
      evidence: 'It printed something else after 50 bytes.',
    });
  });

  test('is no measure where it fails, hangs, prints nothing or something else each time without harm', () => {
    expect(unusable(unharmed, ran('Grüße aus Zürich'))).toBeNull();
    expect(unusable(ran('x', { status: 3, error: 'oops' }), unharmed)).toBe(
      'it fails even without harm (exit status 3). It said: oops',
    );
    expect(unusable(unharmed, ran('x', { isHung: true }))).toContain('does not end');
    expect(unusable(ran(''), ran(''))).toContain('prints nothing');
    expect(unusable(ran('time 1'), ran('time 2'))).toContain('each time');
  });
});
