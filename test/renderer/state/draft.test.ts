import { beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { connectParamsOf, draftHeader, emptyDraft, useDraft } from '../../../src/renderer/state/draft.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

describe('what is sent', () => {
  it('contains only what was set', () => {
    expect(connectParamsOf({ ...emptyDraft, url: 'https://example.test/sse' })).toEqual({
      url: 'https://example.test/sse',
      method: 'GET',
      client: 'raw',
    });
  });

  it('leaves out headers that are switched off or have no name', () => {
    const off = { ...draftHeader('X-Off', '1'), enabled: false };
    const headers = [draftHeader('Accept', '*/*'), off, draftHeader(' ', 'nameless')];
    expect(connectParamsOf({ ...emptyDraft, url: 'https://a.test', headers })).toMatchObject({
      headers: [['Accept', '*/*']],
    });
  });

  it('has the idle timeout in ms', () => {
    expect(connectParamsOf({ ...emptyDraft, url: 'https://a.test', idleSeconds: '1.5' })).toMatchObject({
      idleTimeout: 1500,
    });
  });

  it('is a sentence instead if the address is missing or the timeout is not a number', () => {
    expect(connectParamsOf(emptyDraft)).toMatch(/address/);
    expect(connectParamsOf({ ...emptyDraft, url: 'a.test', idleSeconds: 'soon' })).toMatch(/seconds/);
    expect(connectParamsOf({ ...emptyDraft, url: 'a.test', idleSeconds: '0' })).toMatch(/seconds/);
  });

  it('never contains the placeholder of a secret', () => {
    const headers = [draftHeader('Authorization', '[redacted]')];
    expect(connectParamsOf({ ...emptyDraft, url: 'https://a.test', headers })).toMatch(
      /not stored: Authorization/,
    );
    expect(connectParamsOf({ ...emptyDraft, url: 'https://a.test?key=[redacted]' })).toMatch(
      /not stored: the URL/,
    );
  });
});

describe('editing', () => {
  it('changes GET to POST when a body is typed, unless another method was chosen', () => {
    useDraft.getState().edit({ body: '{}' });
    expect(useDraft.getState().method).toBe('POST');
    useDraft.setState({ method: 'PUT', body: '' });
    useDraft.getState().edit({ body: '{}' });
    expect(useDraft.getState().method).toBe('PUT');
  });

  it('clears the last problem', () => {
    useDraft.setState({ problem: 'wrong' });
    useDraft.getState().edit({ url: 'x' });
    expect(useDraft.getState().problem).toBeNull();
  });
});

describe('connecting', () => {
  it('shows the new capture, and remembers the address in this window only', async () => {
    const host = new FakeHost({
      'stream.connect': () => ({ capture: idOf('new') }),
      'captures.open': () => summaryOf('new'),
    });
    useHost.getState().attach(host);
    useDraft.getState().edit({ url: 'localhost:8080/sse?api_key=hunter2' });
    await useDraft.getState().connect();
    expect(useCaptures.getState().current).toBe(idOf('new'));
    expect(useDraft.getState().recent).toEqual(['http://localhost:8080/sse?api_key=hunter2']);
  });

  it('shows below the address why the host refused', async () => {
    const host = new FakeHost({
      'stream.connect': () => {
        throw new Refusal('bad-url', 'This is no URL.');
      },
    });
    useHost.getState().attach(host);
    useDraft.getState().edit({ url: 'https://' });
    await useDraft.getState().connect();
    expect(useDraft.getState()).toMatchObject({ problem: 'This is no URL.', sending: false });
  });
});

describe('a curl command typed into the address', () => {
  it('is sent as the request that it describes', async () => {
    const host = new FakeHost({
      'stream.connect': () => ({ capture: idOf('new') }),
      'captures.open': () => summaryOf('new'),
    });
    useHost.getState().attach(host);
    useDraft.getState().edit({ url: "curl -X PUT -H 'X-A: 1' --data hello localhost:8080/sse" });
    await useDraft.getState().connect();
    expect(host.callsOf('stream.connect')[0]).toMatchObject({
      method: 'PUT',
      url: 'http://localhost:8080/sse',
      headers: [
        ['X-A', '1'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: 'hello',
    });
  });

  it('is not sent while a part of it is missing', async () => {
    const host = new FakeHost({});
    useHost.getState().attach(host);
    useDraft.getState().edit({ url: 'curl -d @body.json localhost:8080/sse' });
    await useDraft.getState().connect();
    expect(host.calls).toEqual([]);
    expect(useDraft.getState().url).toBe('localhost:8080/sse');
    expect(useHost.getState().notices[0]?.message).toContain('body.json');
  });
});

describe('copying a request into the draft', () => {
  const request = {
    method: 'POST',
    url: 'https://api.test/v1',
    headers: [
      ['Authorization', 'Bearer [redacted]'],
      ['X-Trace', 'on'],
    ] as [string, string][],
    client: 'openai',
    body: '{"stream":true}',
    idleTimeout: 1500,
  } as const;
  const editable = (secretsHeld: boolean) => ({
    'request.edit': () => ({ request: { ...request, headers: [...request.headers] }, secretsHeld }),
  });

  it('fills in everything, and names the secrets that were not stored', async () => {
    useHost.getState().attach(new FakeHost(editable(false)));
    useDraft.getState().edit({ insecure: true });
    await useDraft.getState().takeOver(idOf('old'));
    const draft = useDraft.getState();
    expect(draft).toMatchObject({
      method: 'POST',
      url: 'https://api.test/v1',
      client: 'openai',
      body: '{"stream":true}',
      idleSeconds: '1.5',
      insecure: false,
    });
    expect(draft.headers.map(({ name }) => name)).toEqual(['Authorization', 'X-Trace']);
    expect(draft.problem).toContain('Authorization');
    expect(connectParamsOf(draft)).toMatch(/Authorization/);
  });

  it('does not ask for secrets that the host still has, and says where they are from', async () => {
    useHost.getState().attach(new FakeHost(editable(true)));
    await useDraft.getState().takeOver(idOf('old'));
    expect(useDraft.getState().problem).toBeNull();
    expect(connectParamsOf(useDraft.getState())).toMatchObject({ secretsOf: idOf('old') });
    useDraft.getState().setHeaders([['Authorization', 'Bearer typed']]);
    expect(connectParamsOf(useDraft.getState())).not.toHaveProperty('secretsOf');
    useDraft.getState().clear();
    expect(useDraft.getState()).toMatchObject(emptyDraft);
    useDraft.getState().undo();
    expect(useDraft.getState()).toMatchObject({ url: 'https://api.test/v1', secretsOf: idOf('old') });
  });

  it('replaces sending again if its secrets are unknown', async () => {
    const host = new FakeHost({
      ...editable(false),
      'request.again': () => {
        throw new Refusal('secrets-missing', 'They were not stored.');
      },
    });
    useHost.getState().attach(host);
    await useDraft.getState().sendAgain(idOf('old'));
    expect(useDraft.getState()).toMatchObject({ url: 'https://api.test/v1', sending: false });
    expect(useDraft.getState().problem).toContain('Authorization');
  });
});

describe('sending again', () => {
  it('shows the new capture, and leaves the draft unchanged; holding the key sends once', async () => {
    let answer = (_: unknown): void => undefined;
    const host = new FakeHost({
      'request.again': () => new Promise((resolve) => (answer = () => resolve({ capture: idOf('new') }))),
      'captures.open': () => summaryOf('new'),
    });
    useHost.getState().attach(host);
    useDraft.getState().edit({ url: 'https://draft.test' });
    const sent = useDraft.getState().sendAgain(idOf('old'));
    await useDraft.getState().sendAgain(idOf('old'));
    expect(host.callsOf('request.again')).toEqual([{ capture: idOf('old') }]);
    answer(undefined);
    await sent;
    expect(useCaptures.getState().current).toBe(idOf('new'));
    expect(useDraft.getState()).toMatchObject({ url: 'https://draft.test', sending: false });
  });
});
