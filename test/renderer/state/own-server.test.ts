import { describe, expect, it } from 'vitest';
import { ladderTarget } from '../../../src/contract/ladder-target.ts';
import { serverWords, targetOf } from '../../../src/renderer/state/own-server.ts';

const none = ['', '', '', '', '', '', ''];

describe('the addresses of the user’s own server', () => {
  it('form a target: one for all rungs, and those of single rungs', () => {
    const target = targetOf({
      url: ' http://127.0.0.1:8000/stream ',
      rungs: none.with(0, '/hello').with(4, '  '),
    });
    expect(target).toEqual({ url: 'http://127.0.0.1:8000/stream', rungs: { 1: '/hello' } });
    expect(ladderTarget.safeParse(target).success).toBe(true);
    expect(targetOf({ url: '', rungs: none.with(6, 'localhost:3000/7') })).toEqual({
      rungs: { 7: 'localhost:3000/7' },
    });
  });

  it('form no target if there is none', () => {
    expect(targetOf({ url: ' ', rungs: none })).toBeNull();
  });

  it('are shown in a few words', () => {
    expect(serverWords({ url: '', rungs: none })).toBe('No address yet');
    expect(serverWords({ url: 'http://127.0.0.1:8000/x', rungs: none })).toBe('127.0.0.1:8000/x');
    expect(serverWords({ url: 'http://h/x', rungs: none.with(0, '/a').with(2, '/b') })).toBe(
      'h/x and 2 more',
    );
    expect(serverWords({ url: '', rungs: none.with(1, 'http://h/2').with(2, '/b') })).toBe('h/2 and 1 more');
  });
});
