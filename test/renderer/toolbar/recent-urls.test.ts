import { describe, expect, it } from 'vitest';
import { recentUrls } from '../../../src/renderer/toolbar/recent-urls.ts';

describe('addresses to choose from', () => {
  it('are those of this window first, then those of the captures, each once', () => {
    expect(
      recentUrls(['https://b.test'], ['https://a.test', 'https://b.test', 'https://a.test'], ''),
    ).toEqual(['https://b.test', 'https://a.test']);
  });

  it('contain what is typed, in any case, but are not just that', () => {
    expect(
      recentUrls([], ['https://a.test/Chat', 'https://a.test/x', 'https://chat'], 'https://chat'),
    ).toEqual([]);
    expect(recentUrls([], ['https://a.test/Chat', 'https://a.test/x'], 'chat')).toEqual([
      'https://a.test/Chat',
    ]);
  });

  it('leave out what cannot be connected to: secrets that were not stored, files', () => {
    expect(recentUrls([], ['https://a.test/?key=[redacted]', '', 'file:///x'], '')).toEqual([]);
  });

  it('are at most eight', () => {
    const many = Array.from({ length: 30 }, (_, n) => `https://a.test/${n}`);
    expect(recentUrls([], many, '')).toHaveLength(8);
  });
});
