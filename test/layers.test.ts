import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

type Layer = 'core' | 'contract' | 'main' | 'main/electron' | 'preload' | 'renderer' | 'cli';

/** Which other layers each layer may import. */
const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  core: [],
  contract: ['core'],
  main: ['contract', 'core'],
  'main/electron': ['main', 'contract', 'core'],
  preload: ['contract'],
  renderer: ['contract', 'core'],
  cli: ['main', 'contract', 'core'],
};

/** Layers that are free of any runtime: neither Node's modules nor packages. */
const pure = new Set<Layer>(['core']);
/** Layers that run in a page: no Node. */
const inPage = new Set<Layer>(['core', 'contract', 'renderer', 'preload']);
const withElectron = new Set<Layer>(['main/electron', 'preload']);

interface Import {
  readonly from: string;
  readonly specifier: string;
}

describe('the layers', () => {
  const imports = allImports();

  it('are all read: every file of src belongs to one and hundreds of imports are seen', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(new Set(imports.map(({ from }) => layerOf(from)))).toEqual(new Set(Object.keys(allowed)));
  });

  it('import each other in the agreed direction only', () => {
    expect(imports.flatMap(wrongDirection)).toEqual([]);
  });

  it('import Electron only in src/main/electron and src/preload', () => {
    const strays = imports.filter(
      ({ from, specifier }) => /^electron(\/|$)/.test(specifier) && !withElectron.has(layerOf(from)),
    );
    expect(strays).toEqual([]);
  });

  it('use no module of Node in core, contract, preload and renderer', () => {
    const strays = imports.filter(({ from, specifier }) => isBuiltin(specifier) && inPage.has(layerOf(from)));
    expect(strays).toEqual([]);
  });

  it('use no package in core', () => {
    const strays = imports.filter(
      ({ from, specifier }) => !specifier.startsWith('.') && pure.has(layerOf(from)),
    );
    expect(strays).toEqual([]);
  });

  it('name imported files whole, with their extension', () => {
    const strays = imports.filter(
      ({ specifier }) => specifier.startsWith('.') && !/\.(tsx?|css|json|svg|png)(\?\w+)?$/.test(specifier),
    );
    expect(strays).toEqual([]);
  });

  it('have no folders that import each other in a circle', () => {
    expect(circles(imports)).toEqual([]);
  });

  it('are checked so that a circle of folders is found, and one of a folder with its own subfolder is not', () => {
    const file = (path: string): string => join(source, path);
    const found = circles([
      { from: file('core/sse/a.ts'), specifier: '../json/b.ts' },
      { from: file('core/json/b.ts'), specifier: '../text.ts' },
      { from: file('core/text.ts'), specifier: './sse/c.ts' },
      { from: file('main/lab/a.ts'), specifier: './stages/b.ts' },
      { from: file('main/lab/stages/b.ts'), specifier: '../c.ts' },
    ]);
    expect(found).toEqual([['core/json', 'core/sse', 'core/text.ts']]);
  });

  it('are judged as they should be: a wrong import of each kind is found', () => {
    const file = (path: string): string => join(source, path);
    expect(wrongDirection({ from: file('core/a.ts'), specifier: '../contract/b.ts' })).toHaveLength(1);
    expect(wrongDirection({ from: file('renderer/x/a.ts'), specifier: '../../main/host.ts' })).toHaveLength(
      1,
    );
    expect(wrongDirection({ from: file('main/a.ts'), specifier: './electron/b.ts' })).toHaveLength(1);
    expect(wrongDirection({ from: file('cli/a.ts'), specifier: '../main/electron/b.ts' })).toHaveLength(1);
    expect(wrongDirection({ from: file('cli/a.ts'), specifier: '../../test/b.ts' })).toHaveLength(1);
    expect(wrongDirection({ from: file('cli/a.ts'), specifier: '../main/host.ts' })).toEqual([]);
    expect(specifiersIn("export type A =\n  | 'from'\n  | 'b';")).toEqual([]);
    expect(specifiersIn("const x = await import('./a.ts');")).toEqual(['./a.ts']);
    expect(
      specifiersIn("import {\n  a,\n} from './b.ts';\nexport * from './c.ts';\nimport './d.css';"),
    ).toEqual(['./b.ts', './c.ts', './d.css']);
  });
});

function wrongDirection({ from, specifier }: Import): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = resolve(dirname(from), specifier);
  const name = relative(source, from);
  if (!target.startsWith(source + sep)) return [`${name} imports ${specifier}, outside of src`];
  const [own, other] = [layerOf(from), layerOf(target)];
  if (own === other || allowed[own].includes(other)) return [];
  return [`${name} (${own}) imports ${specifier} (${other})`];
}

/**
 * The modules that import each other in a circle, sorted. A module is a folder directly in a layer with all that is in
 * it, or a file directly in a layer.
 */
function circles(imports: readonly Import[]): string[][] {
  const graph = new Map<string, Set<string>>();
  for (const { from, specifier } of imports) {
    if (!specifier.startsWith('.')) continue;
    const [own, other] = [moduleOf(from), moduleOf(resolve(dirname(from), specifier))];
    if (own !== other) graph.set(own, (graph.get(own) ?? new Set()).add(other));
  }
  const reach = new Map([...graph.keys()].map((module) => [module, reachable(graph, module)]));
  const isInCircleWith = (a: string, b: string): boolean =>
    reach.get(a)?.has(b) === true && reach.get(b)?.has(a) === true;
  const found = [...graph.keys()].filter((module) => isInCircleWith(module, module)).toSorted();
  return found
    .map((module) => found.filter((other) => isInCircleWith(module, other)))
    .filter(([first], index) => first === found[index]);
}

function reachable(graph: ReadonlyMap<string, ReadonlySet<string>>, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    for (const next of graph.get(module) ?? []) {
      if (!found.has(next)) open.push(next);
      found.add(next);
    }
  }
  return found;
}

function moduleOf(path: string): string {
  return relative(source, path).split(sep).slice(0, 2).join('/');
}

function layerOf(path: string): Layer {
  const parts = relative(source, path).split(sep);
  if (parts[0] === 'main' && parts[1] === 'electron') return 'main/electron';
  const layer = parts[0] ?? '';
  if (!Object.hasOwn(allowed, layer)) throw new Error(`${path} belongs to no layer`);
  return layer as Layer;
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0] ?? '');
}

function allImports(): Import[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((from) => specifiersIn(readFileSync(from, 'utf8')).map((specifier) => ({ from, specifier })));
}

/** Of `import … from`, `export … from`, `import '…'` and `import('…')`, at the beginning of a line or in a call. */
function specifiersIn(text: string): string[] {
  const pattern =
    /^(?:import|export)\b[^'"`;=]*\bfrom\s*['"]([^'"\n]+)['"]|^import\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
