import { describe, expect, test } from 'vitest';
import { Gate } from '../../../src/main/serve/gate.ts';

const gate = new Gate('127.0.0.1:4100', 'secret-of-this-run');
const host = '127.0.0.1:4100';

describe('Gate.sameSite', () => {
  test('accepts the page of the same origin', () => {
    expect(gate.sameSite({ host })).toBeNull();
    expect(
      gate.sameSite({ host, origin: 'http://127.0.0.1:4100', 'sec-fetch-site': 'same-origin' }),
    ).toBeNull();
  });

  test('accepts an address that the user typed', () => {
    expect(gate.sameSite({ host, 'sec-fetch-site': 'none' })).toBeNull();
  });

  test.each([['evil.test:4100'], ['localhost:4100'], ['127.0.0.1'], ['127.0.0.1:4101'], [undefined]])(
    'refuses the Host %s, as in DNS rebinding',
    (other) => {
      expect(gate.sameSite(other === undefined ? {} : { host: other })?.status).toBe(403);
    },
  );

  test.each([['http://evil.test'], ['null'], ['https://127.0.0.1:4100'], ['http://127.0.0.1:4101']])(
    'refuses the Origin %s',
    (origin) => {
      expect(gate.sameSite({ host, origin })?.status).toBe(403);
    },
  );

  test.each([['cross-site'], ['same-site']])('refuses Sec-Fetch-Site: %s, even without an Origin', (site) => {
    expect(gate.sameSite({ host, 'sec-fetch-site': site })?.status).toBe(403);
  });
});

describe('Gate.authorised', () => {
  test('accepts the token of this run', () => {
    expect(gate.authorised({ authorization: 'Bearer secret-of-this-run' })).toBeNull();
  });

  test.each([
    [undefined],
    ['Bearer '],
    ['Bearer secret-of-this-ru'],
    ['Bearer secret-of-this-run2'],
    ['Bearer Secret-of-this-run'],
    ['secret-of-this-run'],
    ['Basic secret-of-this-run'],
  ])('refuses the Authorization header %s', (authorization) => {
    expect(gate.authorised(authorization === undefined ? {} : { authorization })?.status).toBe(401);
  });
});
