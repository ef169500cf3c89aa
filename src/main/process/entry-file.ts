/** Files that are started or served on their own, each an entry in `electron.vite.config.ts`. */
export type Entry = 'browser/page/browser-page' | 'compare/comparison-worker';

/** Where an entry is: its TypeScript in `src/main` when this program runs from source, JavaScript in `out/main` once built. */
export function entryFile(entry: Entry): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL(`../${entry}.ts`, here);
  const name = `${entry.slice(entry.lastIndexOf('/') + 1)}.js`;
  return new URL(here.includes('/chunks/') ? `../${name}` : `./${name}`, here);
}
