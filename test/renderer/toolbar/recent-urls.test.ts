import { describe, expect, it } from 'vitest';
import { recentUrls } from '../../../src/renderer/toolbar/recent-urls.ts';

describe('recent URLs', () => {
  it('are those of this window, then those of the captures, without duplicates', () => {
    expect(
      recentUrls(['https://b.test'], ['https://a.test', 'https://b.test', 'https://a.test'], ''),
    ).toEqual(['https://b.test', 'https://a.test']);
  });

  it('contain the typed text in any case, but are not equal to it', () => {
    expect(
      recentUrls([], ['https://a.test/Chat', 'https://a.test/x', 'https://chat'], 'https://chat'),
    ).toEqual([]);
    expect(recentUrls([], ['https://a.test/Chat', 'https://a.test/x'], 'chat')).toEqual([
      'https://a.test/Chat',
    ]);
  });

  it('exclude URLs that cannot be used: with redacted secrets, or of files', () => {
    expect(recentUrls([], ['https://a.test/?key=[redacted]', '', 'file:///x'], '')).toEqual([]);
  });

  it('are at most eight', () => {
    const many = Array.from({ length: 30 }, (_, n) => `https://a.test/${n}`);
    expect(recentUrls([], many, '')).toHaveLength(8);
  });
});
