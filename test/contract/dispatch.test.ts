import { describe, expect, test, vi } from 'vitest';
import { commands, type HostCommands } from '../../src/contract/commands.ts';
import { dispatch } from '../../src/contract/dispatch.ts';
import { settle } from '../../src/contract/refusal.ts';
import { Refusal } from '../../src/contract/refusal.ts';

/** A host that answers every command with its name and parameters. */
const echo = Object.fromEntries(
  Object.keys(commands).map((name) => [name, async (params: unknown) => ({ name, params })]),
) as unknown as HostCommands;
const noBug = (error: unknown) => {
  throw error;
};

describe('dispatch', () => {
  test('runs a command with checked parameters', async () => {
    const outcome = await dispatch(
      echo,
      'captures.rename',
      { capture: 'abcd', name: '  New  ', extra: 1 },
      noBug,
    );
    expect(settle(outcome)).toEqual({ name: 'captures.rename', params: { capture: 'abcd', name: 'New' } });
  });

  test.each([['nothing.here'], ['__proto__'], ['constructor'], ['toString'], [42], [null]])(
    'refuses the undeclared command %s',
    async (name) => {
      expect(await dispatch(echo, name, {}, noBug)).toMatchObject({
        ok: false,
        refusal: { code: 'unknown-command' },
      });
    },
  );

  test.each([
    ['captures.open', { capture: '../../etc/passwd' }],
    ['captures.open', { capture: 'ABCD' }],
    ['captures.open', null],
    ['capture.rows', { capture: 'abcd', lane: 'secrets', from: 0, to: 1 }],
    ['capture.rows', { capture: 'abcd', lane: 'blocks', from: -1, to: 1 }],
    ['capture.rows', { capture: 'abcd', lane: 'blocks', from: 0.5, to: 1 }],
    ['stream.connect', { url: 'http://x', client: 'telnet' }],
  ])('refuses %s with %j', async (name, params) => {
    expect(await dispatch(echo, name, params, noBug)).toMatchObject({
      ok: false,
      refusal: { code: 'bad-params' },
    });
  });

  test('carries a refusal over as data that is thrown again on the other side', async () => {
    const refusing = { ...echo, 'host.describe': () => Promise.reject(new Refusal('busy', 'Not now.')) };
    const outcome = await dispatch(refusing, 'host.describe', {}, noBug);
    expect(() => settle(outcome)).toThrow(
      expect.objectContaining({ code: 'busy', message: 'Not now.' }) as Error,
    );
  });

  test('tells nobody but the log what a bug said', async () => {
    const onBug = vi.fn();
    const broken = { ...echo, 'host.describe': () => Promise.reject(new Error('password is hunter2')) };
    const outcome = await dispatch(broken, 'host.describe', {}, onBug);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'internal' } });
    expect(onBug).toHaveBeenCalledOnce();
  });
});
