import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

type Layer = 'core' | 'contract' | 'main' | 'main/electron' | 'preload' | 'renderer' | 'cli';

/** What each layer may import of the others, beside itself. */
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
