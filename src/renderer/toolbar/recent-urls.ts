import { REDACTED } from '../../core/capture/secret-name.ts';

const most = 8;

/**
 * Addresses to offer while one is typed: those of this window, then those of the captures, each once, the best `most`
 * that contain what was typed. An address whose secrets were taken out cannot be connected to and is not offered.
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
