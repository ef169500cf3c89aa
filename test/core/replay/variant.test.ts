import { describe, expect, test } from 'vitest';
import { faultConflict, parseFault, replayFaultNames } from '../../../src/core/replay/fault.ts';
import {
  parseReplaySpeed,
  parseReplaySplit,
  recordedVariant,
  variantProblem,
} from '../../../src/core/replay/variant.ts';

describe('what a replay is asked for', () => {
  test.each([
    ['recorded', { kind: 'recorded' }],
    ['7', { kind: 'fixed', size: 7 }],
    ['random:42', { kind: 'random', seed: 42 }],
    ['inside-utf8', { kind: 'inside-utf8' }],
    ['inside-crlf', { kind: 'inside-crlf' }],
    ['glued', { kind: 'glued' }],
    ['0', null],
    ['1.5', null],
    ['random', null],
    ['random:4294967296', null],
    ['99999999999', null],
    ['', null],
  ])('split %s', (text, split) => {
    expect(parseReplaySplit(text)).toEqual(split);
  });

  test.each([
    ['instant', 'instant'],
    ['2', 2],
    ['0.25', 0.25],
    ['0', null],
    ['-1', null],
    ['1e3', null],
    ['1001', null],
    ['', null],
  ])('speed %s', (text, speed) => {
    expect(parseReplaySpeed(text)).toBe(speed);
  });

  test.each([
    ['reset', { name: 'reset', amount: 0 }],
    ['stall', { name: 'stall', amount: 5 }],
    ['stall:0.5', { name: 'stall', amount: 0.5 }],
    ['slow_close:2', { name: 'slow-close', amount: 2 }],
    ['bandwidth:100', { name: 'bandwidth', amount: 100 }],
    ['reset:1', { problem: 'the fault reset takes no number' }],
    ['stall:0', { problem: 'the fault stall takes a number of seconds up to 3600' }],
    ['stall:1:2', { problem: 'the fault stall takes a number of seconds up to 3600' }],
    ['stall:', { problem: 'the fault stall takes a number of seconds up to 3600' }],
  ])('fault %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test('a mistyped fault is told what there is', () => {
    const parsed = parseFault('restet');
    const problem = 'problem' in parsed ? parsed.problem : '';
    expect(problem).toContain('did you mean');
    for (const name of replayFaultNames) expect(problem).toContain(name);
  });

  test('faults that both end the stream, or the same twice, are refused', () => {
    expect(
      faultConflict([
        { name: 'reset', amount: 0 },
        { name: 'stall', amount: 1 },
      ]),
    ).toBeNull();
    expect(
      faultConflict([
        { name: 'reset', amount: 0 },
        { name: 'premature-close', amount: 0 },
      ]),
    ).toContain('cannot be combined');
    expect(
      faultConflict([
        { name: 'stall', amount: 1 },
        { name: 'stall', amount: 2 },
      ]),
    ).toContain('twice');
  });

  test('a variant from elsewhere is checked as one from a command line', () => {
    expect(variantProblem(recordedVariant)).toBeNull();
    expect(variantProblem({ ...recordedVariant, speed: Number.NaN })).toContain('speed');
    expect(variantProblem({ ...recordedVariant, split: { kind: 'fixed', size: 0 } })).toContain('piece');
    expect(variantProblem({ ...recordedVariant, cut: -1 })).toContain('cut');
  });
});
