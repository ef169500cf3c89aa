import { beforeEach, describe, expect, it } from 'vitest';
import { emptyKeptDraft, keptDraft } from '../../../src/contract/kept-draft.ts';
import { useDraft } from '../../../src/renderer/state/draft.ts';
import { keepDraft, keptDraftOf, restoreDraft } from '../../../src/renderer/state/kept-draft.ts';
import { usePreferences } from '../../../src/renderer/state/preferences.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

const command = `curl https://u:in-user@a.test/v1?api_key=in-query -H 'Authorization: Bearer in-header' -H 'X-Trace: on' -H 'Content-Type: application/json' -d '{"model":"m","password":"in-body"}'`;

describe('the draft that is kept', () => {
  it('is whole, its secrets excepted', () => {
    const stop = keepDraft();
    useDraft.getState().takeCommand(command);
    useDraft.getState().edit({ idleSeconds: '3', reconnect: true });
    stop();
    const { draft } = usePreferences.getState();
    expect(JSON.stringify(draft)).not.toMatch(/in-(?:user|query|header|body)/);
    useDraft.setState(useDraft.getInitialState(), true);
    restoreDraft();
    const restored = useDraft.getState();
    expect(restored).toMatchObject({
      method: 'POST',
      url: 'https://[redacted]@a.test/v1?api_key=[redacted]',
      body: '{"model":"m","password":"[redacted]"}',
      bodyOrigin: 'https://a.test',
      idleSeconds: '3',
      reconnect: true,
    });
    expect(restored.headers.map(({ name, value, origin }) => [name, value, origin])).toEqual([
      ['Authorization', 'Bearer [redacted]', 'https://a.test'],
      ['X-Trace', 'on', 'https://a.test'],
      ['Content-Type', 'application/json', 'https://a.test'],
    ]);
    expect(new Set(restored.headers.map(({ id }) => id)).size).toBe(3);
  });

  it('gives way to what was typed before it was read', () => {
    usePreferences.setState({ draft: { ...emptyKeptDraft, url: 'https://old.test' } });
    useDraft.getState().edit({ url: 'https://typed.test' });
    restoreDraft();
    expect(useDraft.getState().url).toBe('https://typed.test');
  });

  it('is always one that the host takes, whatever was pasted', () => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    const drafts = [{ body: long }, { url: `https://a.test/${long}` }, { method: long }];
    for (const changes of drafts) {
      useDraft.setState({ ...useDraft.getInitialState(), ...changes });
      expect(keptDraft.safeParse(keptDraftOf(useDraft.getState())).success).toBe(true);
    }
    useDraft.setState({ ...useDraft.getInitialState(), url: 'https://a.test', body: long });
    expect(keptDraftOf(useDraft.getState()).url).toBe('https://a.test');
  });
});
