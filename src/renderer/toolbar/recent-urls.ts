import { REDACTED } from '../../core/capture/secret-name.ts';

const most = 8;

/**
 * Suggestions while a URL is typed: the URLs used in this window, then those of the captures, without duplicates. Only
 * the first `most` that contain the typed text. URLs with redacted secrets are left out: they cannot be used.
 */
export function recentUrls(
  recent: readonly string[],
  stored: readonly string[],
  typed: string,
): readonly string[] {
  const wanted = typed.trim().toLowerCase();
  const found: string[] = [];
  for (const url of new Set([...recent, ...stored])) {
    if (!/^https?:/.test(url) || url.includes(REDACTED) || url === typed.trim()) continue;
    if (!url.toLowerCase().includes(wanted)) continue;
    found.push(url);
    if (found.length === most) break;
  }
  return found;
}
