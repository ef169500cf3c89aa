/** Files that run on their own, in a thread or a page. Each is an entry in `electron.vite.config.ts`. */
export type Entry = 'browser/page/browser-page' | 'compare/comparison-worker';

/** The file of an entry: TypeScript in `src/main` when running from source, JavaScript in `out/main` when built. */
export function entryFile(entry: Entry): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL(`../${entry}.ts`, here);
  const name = `${entry.slice(entry.lastIndexOf('/') + 1)}.js`;
  return new URL(here.includes('/chunks/') ? `../${name}` : `./${name}`, here);
}
