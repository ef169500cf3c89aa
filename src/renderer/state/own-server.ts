import type { LadderTarget } from '../../contract/ladder-target.ts';
import { rungNumbers } from '../../core/rungs.ts';
import type { Preferences } from '../../contract/preferences.ts';

/** The addresses of the user's own server, as typed. */
export type OwnServer = Preferences['ladder'];

/**
 * The target for a server's addresses; null if there is none. An address that begins like a path is relative to the address
 * of all rungs.
 */
export function targetOf({ url, rungs }: Pick<OwnServer, 'url' | 'rungs'>): LadderTarget | null {
  const all = url.trim();
  const own = Object.fromEntries(
    rungNumbers.flatMap((rung) => {
      const address = (rungs[rung - 1] ?? '').trim();
      return address === '' ? [] : [[rung, address]];
    }),
  );
  const hasOwn = Object.keys(own).length > 0;
  if (all === '' && !hasOwn) return null;
  return { ...(all === '' ? {} : { url: all }), ...(hasOwn ? { rungs: own } : {}) };
}

/** A server in a few words: its address, and how many rungs have their own. */
export function serverWords(server: Pick<OwnServer, 'url' | 'rungs'>): string {
  const own = server.rungs.filter((address) => address.trim() !== '');
  const first = server.url.trim() === '' ? (own[0] ?? '').trim() : server.url.trim();
  if (first === '') return 'No address yet';
  const shown = first.replace(/^https?:\/\//, '');
  const more = server.url.trim() === '' ? own.length - 1 : own.length;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
