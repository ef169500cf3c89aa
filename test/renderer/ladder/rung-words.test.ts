import { describe, expect, it } from 'vitest';
import { idleRung, type RungView } from '../../../src/renderer/state/rung-view.ts';
import { longestDelay, rungOutcome } from '../../../src/renderer/ladder/rung-words.ts';

const view = (rung: RungView['rung'], changes: Partial<RungView>): RungView => ({
  ...idleRung(rung),
  ...changes,
});
const check = (name: string, passed: boolean, text: string) => ({
  name,
  title: '',
  passed,
  evidence: [{ text, run: null, capture: null, points: [] }],
});

describe('the outcome of a rung', () => {
  it('counts events if the yields of the server are known', () => {
    const timing = { yields: [1, 2, 3], arrivals: [1, 2] };
    expect(rungOutcome(view(1, { stage: 'passed', timing }), false)).toBe('2 of 3 events');
  });

  it('gives the delay that a buffer caused', () => {
    const timing = { yields: [0, 250, 500], arrivals: [1000, 1000, 1000] };
    const checks = [check('nothing-waits', false, 'the slowest took 1000 ms')];
    expect(rungOutcome(view(4, { stage: 'failed', timing, checks }), false)).toBe('held back 1 s');
  });

  it('is the evidence of the first failed check, with visible control characters', () => {
    const checks = [check('a', true, 'fine'), check('b', false, 'status 503\u001b[2J')];
    const words = rungOutcome(view(1, { stage: 'failed', checks }), false);
    expect(words).toContain('status 503');
    expect(words).not.toContain('\u001b');
  });

  it('distinguishes a rung that was not reached from one that was skipped for a reason', () => {
    const skipped = view(2, { stage: 'skipped', reason: 'no Chromium was found' });
    expect(rungOutcome(skipped, true)).toBe('not reached');
    expect(rungOutcome(skipped, false)).toBe('no Chromium was found');
  });

  it('labels the scripted model', () => {
    const timing = { yields: [1], arrivals: [2] };
    const checks = [
      check('chat-model-answers', true, '1 events from the lab’s scripted model: no key was given'),
    ];
    expect(rungOutcome(view(6, { stage: 'passed', timing, checks }), false)).toBe('1 event, scripted model');
  });
});

it('the longest delay ignores events that never arrived', () => {
  expect(longestDelay({ timing: { yields: [0, 10, 20], arrivals: [5, 12] } })).toBe(5);
  expect(longestDelay({ timing: null })).toBe(0);
});
