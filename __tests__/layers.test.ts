import { readFileSync } from 'node:fs';
import {
  circle,
  type Import,
  type Module,
  modulesBelow,
  packageOf,
  packagesReached,
  parseModule,
} from './support/module-graph.js';

/**
 * What the modules of a layer may import of ours besides their own layer: path prefixes, or whole modules where only
 * some of a layer are open. `type` in front: only what the compiler erases.
 */
const STORE_WORDS = ['store', 'document', 'descriptor', 'reference', 'errors', 'media-types'].map(
  (name) => `oci/${name}.ts`,
);
const DOCUMENT_WORDS = ['media-types', 'descriptor', 'document', 'reference'].map((name) => `oci/${name}.ts`);
const EVERYTHING_BELOW = ['core/', 'python/', 'oci/', 'pyoci/', 'catalog/', 'publish/', 'journals/'];
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  python: ['core/'],
  oci: ['core/'],
  pyoci: ['core/', 'type python/', 'python/version.ts', ...DOCUMENT_WORDS],
  catalog: ['core/', 'python/', 'pyoci/', ...STORE_WORDS],
  publish: ['core/', 'python/', 'pyoci/', ...STORE_WORDS],
  journals: ['core/', 'python/', 'pyoci/', 'publish/', ...STORE_WORDS],
  run: EVERYTHING_BELOW,
  action: [...EVERYTHING_BELOW, 'run/'],
  cli: [...EVERYTHING_BELOW, 'run/'],
};

/** Layers that are handed time, randomness and environment. */
const HANDED = ['core', 'python', 'oci', 'pyoci', 'catalog', 'publish', 'journals'];
/** They print commands that only a runner understands, so what runs in a terminal must not load them. */
const RUNNER_ONLY = ['@actions/core', '@actions/glob'];
const LONGEST = 300;

const modules = modulesBelow(new URL('../src/', import.meta.url));
const manifest = packageJson(new URL('../package.json', import.meta.url));

describe('the sources', () => {
  it('are found', () => {
    expect(modules.map(({ path }) => path)).toEqual(expect.arrayContaining(['core/errors.ts', 'oci/store.ts']));
    expect(new Set(modules.map(({ path }) => layerOf(path)))).toEqual(new Set(Object.keys(LAYERS)));
  });

  it('import only what their layer may', () => {
    expect(modules.flatMap(strayImports)).toEqual([]);
  });

  it('import only packages that package.json declares', () => {
    const declared = Object.keys(manifest.dependencies ?? {});
    const packages = modules.flatMap((module) => module.imports.flatMap((one) => foreignPackage(one)));
    expect(packages.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('do not import in circles', () => {
    expect(circle(modules)).toBeUndefined();
  });

  it('reach for no clock, randomness or environment in the layers that are handed them', () => {
    expect(modules.flatMap(reaching)).toEqual([]);
  });

  it('do no input or output in pyoci: not one module of Node is imported', () => {
    const imports = modules.filter(({ path }) => path.startsWith('pyoci/')).flatMap((module) => module.imports);
    expect(imports.filter(({ specifier }) => specifier.startsWith('node:'))).toEqual([]);
  });

  it('load nothing that is made for a runner when they run in a terminal', () => {
    expect(runnerOnlyReached(modules)).toEqual([]);
  });

  it(`have files of at most ${LONGEST} lines`, () => {
    expect(modules.filter(({ lines }) => lines > LONGEST).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});

describe('these rules see', () => {
  const stray = (path: string, text: string) => strayImports(parseModule(path, text)).length > 0;

  it.each([
    ['core/x.ts', "import { y } from '../oci/y.js';"],
    ['python/x.ts', "import type { Y } from '../oci/y.js';"],
    ['oci/registry/x.ts', "export * from '../../python/y.js';"],
    ['pyoci/x.ts', "import { y } from '../python/metadata.js';"],
    ['pyoci/x.ts', "import type { Store } from '../oci/store.js';"],
    ['publish/x.ts', "const y = await import('../oci/memory-store.js');"],
    ['publish/x.ts', "type Y = import('../oci/registry/y.js').Y;"],
    ['run/x.ts', "import { y } from '../cli/y.js';"],
    ['run/x.ts', 'const y = await import(name);'],
    ['elsewhere/x.ts', "import { y } from '../core/y.js';"],
  ])('a stray import in %s: %s', (path, text) => {
    expect(stray(path, text)).toBe(true);
  });

  it.each([
    ['pyoci/x.ts', "import type { CoreMetadata } from '../python/metadata.js';"],
    ['pyoci/x.ts', "import { parseVersion } from '../python/version.js';"],
    ['publish/x.ts', "import type { Store } from '../oci/store.js'; import { z } from './z.js';"],
    ['oci/registry/x.ts', "import { y } from '../y.js'; import http from 'node:http';"],
    ['cli/x.ts', "import { y } from '../oci/registry/y.js';"],
  ])('nothing wrong in %s: %s', (path, text) => {
    expect(stray(path, text)).toBe(false);
  });

  it('what is reached for, and not the words in comments, strings or member names', () => {
    const text = `// Date.now() and process.env
      const a = Date.now(); const b = Math.random(); const c = new Date(); const d = process.env.X;
      const e = new Date(5); const f = x.process; const g = 'process'; const h = { process: 1 };`;
    expect(parseModule('core/x.ts', text).ambient).toEqual(['Date.now', 'Math.random', 'new Date()', 'process']);
    expect(reaching(parseModule('run/x.ts', text))).toEqual([]);
  });

  it('a circle, through types and through further modules', () => {
    const texts = { a: "import './b.js';", b: "import type { C } from './c.js';", c: "export * from './a.js';" };
    const graph = Object.entries(texts).map(([name, text]) => parseModule(`core/${name}.ts`, text));
    expect(circle(graph)).toBe('core/a.ts > core/b.ts > core/c.ts > core/a.ts');
    expect(circle(graph.slice(0, 2))).toBeUndefined();
  });

  it('a runner’s package behind other modules and other packages, but not behind a type', () => {
    const far = (text: string) => [parseModule('cli/x.ts', "import '../run/y.js';"), parseModule('run/y.ts', text)];
    expect(runnerOnlyReached(far("await import('@actions/core');"))).toHaveLength(2);
    expect(runnerOnlyReached(far("import { create } from '@actions/glob';"))).toHaveLength(2);
    expect(runnerOnlyReached(far("import type { X } from '@actions/core';"))).toEqual([]);
    // @actions/glob itself depends on @actions/core.
    expect(bringsAlong('@actions/glob', ['@actions/core'])).toBe(true);
    expect(bringsAlong('@actions/http-client', ['@actions/core'])).toBe(false);
  });
});

function strayImports(module: Module): readonly string[] {
  const layer = layerOf(module.path);
  const open = LAYERS[layer];
  if (!open) return [`${module.path}: "${layer}" is no layer`];
  const allowed = ({ specifier, target, typeOnly }: Import) => {
    if (target === undefined) return !specifier.startsWith('computed: ');
    if (layerOf(target) === layer) return true;
    return open.some((rule) => {
      const prefix = rule.replace(/^type /, '');
      return (prefix === rule || typeOnly) && (prefix.endsWith('/') ? target.startsWith(prefix) : target === prefix);
    });
  };
  return module.imports.filter((one) => !allowed(one)).map(({ specifier }) => `${module.path} imports ${specifier}`);
}

function reaching({ path, ambient }: Module): readonly string[] {
  return HANDED.includes(layerOf(path)) ? ambient.map((name) => `${path} reaches for ${name}`) : [];
}

function runnerOnlyReached(all: readonly Module[]): readonly string[] {
  const terminal = all.map(({ path }) => path).filter((path) => ['cli', 'run'].includes(layerOf(path)));
  return terminal.flatMap((entry) =>
    [...packagesReached(all, [entry])]
      .filter(([name]) => bringsAlong(name, RUNNER_ONLY))
      .map(([name, way]) => `${way} > ${name}`),
  );
}

/** Whether a package is one of `unwanted`, or depends on one, by what the installed packages declare. */
function bringsAlong(name: string, unwanted: readonly string[]): boolean {
  const seen = new Set([name]);
  for (const one of seen) {
    if (unwanted.includes(one)) return true;
    const { dependencies } = packageJson(new URL(`../node_modules/${one}/package.json`, import.meta.url));
    for (const next of Object.keys(dependencies ?? {})) seen.add(next);
  }
  return false;
}

function foreignPackage({ specifier, target }: Import): readonly string[] {
  return target !== undefined || specifier.startsWith('node:') ? [] : [packageOf(specifier)];
}

function layerOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('/')));
}

function packageJson(file: URL): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(file, 'utf8'));
}
