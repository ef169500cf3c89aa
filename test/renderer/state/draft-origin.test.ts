import { beforeEach, describe, expect, it } from 'vitest';
import { connectParamsOf, useDraft } from '../../../src/renderer/state/draft.ts';
import {
  foreignBody,
  foreignHeader,
  headersHeldBack,
  originOf,
} from '../../../src/renderer/state/draft-origin.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

const draft = () => useDraft.getState();
const edit = (changes: Parameters<ReturnType<typeof draft>['edit']>[0]): void => draft().edit(changes);

/** A request for `a.test` with a key, a plain field and a body, as from a curl command. */
function takeRequest(body = '{"model":"m"}'): void {
  draft().takeCommand(
    `curl https://a.test/v1 -H 'Authorization: Bearer of-a' -H 'X-Trace: on' -H 'Content-Type: application/json' -d '${body}'`,
  );
}

/** What each header field of the draft is. */
const marks = () =>
  Object.fromEntries(
    draft().headers.map((header) => [header.name, foreignHeader(header, originOf(draft().url))]),
  );

const sentNames = (): readonly string[] => {
  const params = connectParamsOf(draft());
  if (typeof params === 'string') throw new Error(params);
  return (params.headers ?? []).map(([name]) => name);
};

describe('when the server of the draft changes', () => {
  it('everything stays in the draft, what came from elsewhere is marked, and its secret is not sent', () => {
    takeRequest();
    expect(marks()).toEqual({ Authorization: null, 'X-Trace': null, 'Content-Type': null });
    edit({ url: 'https://b.test/v1' });
    expect(draft().headers.map(({ value }) => value)).toContain('Bearer of-a');
    expect(marks()).toEqual({ Authorization: 'held-back', 'X-Trace': 'marked', 'Content-Type': 'marked' });
    expect(foreignBody(draft(), originOf(draft().url))).toBe('marked');
    expect(headersHeldBack(draft())).toEqual(['Authorization']);
    expect(sentNames()).toEqual(['X-Trace', 'Content-Type']);
  });

  it('another port or scheme is another server, another path is not', () => {
    takeRequest();
    for (const url of [
      'https://a.test:8443/v1',
      'http://a.test/v1',
      'https://a.test.evil.test/v1',
      'b.test',
    ]) {
      edit({ url });
      expect(sentNames()).not.toContain('Authorization');
    }
    for (const url of ['https://a.test/other?x=1', 'a.test', 'https://A.test:443/']) {
      edit({ url });
      expect(sentNames()).toContain('Authorization');
    }
  });

  it('a secret goes to the new server once it is confirmed or typed anew, and then no longer to the old one', () => {
    takeRequest();
    edit({ url: 'https://b.test/v1' });
    const [authorization, ...others] = draft().headers;
    draft().confirm(authorization?.id ?? '');
    expect(sentNames()).toContain('Authorization');
    edit({ url: 'https://a.test/v1' });
    expect(sentNames()).not.toContain('Authorization');
    if (authorization !== undefined)
      edit({ headers: [{ ...authorization, value: 'Bearer of-a-again' }, ...others] });
    expect(sentNames()).toContain('Authorization');
  });

  it('a field that is renamed stays of the server that it was entered for', () => {
    takeRequest();
    edit({ url: 'https://b.test/v1' });
    edit({ headers: draft().headers.map((header) => ({ ...header, name: `${header.name}-Key` })) });
    expect(headersHeldBack(draft())).toEqual(['Authorization-Key', 'X-Trace-Key', 'Content-Type-Key']);
  });

  it('a field that is edited as text among others stays so too', () => {
    takeRequest();
    edit({ url: 'https://b.test/v1' });
    draft().setHeaders([
      ['X-New', '1'],
      ['Authorization', 'Bearer of-a'],
    ]);
    expect(marks()).toEqual({ 'X-New': null, Authorization: 'held-back' });
  });

  it('a body with a secret is not sent, also written on, until it is confirmed or replaced', () => {
    takeRequest('{"api_key":"of-a"}');
    edit({ url: 'https://b.test/v1' });
    expect(connectParamsOf(draft())).toMatch(/body holds a secret.*https:\/\/a\.test/);
    edit({ body: '{"api_key":"of-a","more":1}' });
    expect(connectParamsOf(draft())).toMatch(/body holds a secret/);
    draft().confirm('body');
    expect(connectParamsOf(draft())).toMatchObject({ body: '{"api_key":"of-a","more":1}' });
  });

  it('what has no server yet is of the first that it is sent to', async () => {
    useHost.getState().attach(
      new FakeHost({
        'stream.connect': () => ({ capture: idOf('new') }),
        'captures.open': () => summaryOf('new'),
      }),
    );
    draft().setHeaders([['X-Api-Key', 'typed-first']]);
    edit({ url: 'https://b.test' });
    expect(sentNames()).toEqual(['X-Api-Key']);
    await draft().connect();
    edit({ url: 'https://c.test' });
    expect(sentNames()).toEqual([]);
    await draft().connect();
    expect(useHost.getState().notices.at(-1)?.message).toContain('X-Api-Key');
    // Going without it does not make it the new server's.
    expect(headersHeldBack(draft())).toEqual(['X-Api-Key']);
  });
});

describe('a draft that is replaced', () => {
  it('comes back whole, and goes again', () => {
    edit({ url: 'https://mine.test', method: 'PUT', body: 'mine' });
    draft().setHeaders([['X-Mine', '1']]);
    takeRequest();
    expect(draft()).toMatchObject({ url: 'https://a.test/v1', isFresh: true });
    draft().undo();
    expect(draft()).toMatchObject({ url: 'https://mine.test', method: 'PUT', body: 'mine' });
    expect(draft().headers.map(({ name }) => name)).toEqual(['X-Mine']);
    draft().undo();
    expect(draft().url).toBe('https://a.test/v1');
  });

  it('is not one step back any more once something was typed', () => {
    takeRequest();
    edit({ url: 'https://a.test/v2' });
    expect(draft().isFresh).toBe(false);
  });
});
