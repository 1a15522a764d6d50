import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import {
  circle,
  type Import,
  type Module,
  modulesBelow,
  modulesReached,
  packageOf,
  packagesReached,
  parseModule,
} from './support/module-graph.js';
import { parseRooms, roomCircle, strayImports } from './support/rooms.js';

/** The only rooms that reach for time, randomness and environment; all others are handed them. */
const AT_THE_EDGE = ['run', 'action', 'cli'];
/** They print commands that only a runner understands, so what runs in a terminal must not load them. */
const ENTRIES = ['action/publish/index.ts', 'action/index/index.ts', 'action/prune/index.ts', 'cli/index.ts'];
const RUNNER_ONLY = ['@actions/core', '@actions/glob'];
/** What publishes: verbs that read a repository, and the index of a job, know nothing of it, not even a type. */
const PUBLISHING = ['check', 'journals', 'publish', 'release'];
const READING = ['cli/verbs/show.ts', 'cli/verbs/pull.ts', 'action/index/index.ts'];
/** What a reader opens, from the door to the tag and back to a file. */
const STORY = [
  'action/publish/index',
  'action/publish/main',
  'run/publish-run',
  'run/settings/settings',
  'run/stopping/lifetime',
  'run/checked-files',
  'check/check',
  'run/open-store',
  'run/protection',
  'publish/publish',
  'publish/workshop',
  'publish/publication',
  'publish/plan/survey',
  'publish/publish-version',
  'publish/prepare',
  'release/merge/protection',
  'release/merge/writer',
  'oci/registry/registry-store',
  'oci/registry/manifests',
  'oci/registry/http',
  'oci/registry/sign-in/signed-wire',
  'oci/registry/transport/wire',
  'oci/registry/blobs',
  'cli/index',
  'cli/main',
  'cli/verbs/pull',
  'cli/verbs/show',
  'cli/verbs/check',
  'cli/verbs/publish',
  'run/open-repository',
  'run/download-folder',
  'publish/plan/plan',
  'release/push/push',
  'release/merge/merge',
  'release/merge/merge-state',
  'catalog/find',
  'catalog/version',
  'catalog/contents',
  'catalog/download/download-plan',
  'catalog/download/pull',
];
const LONGEST = 300;
const WIDEST = 12;

const modules = modulesBelow(new URL('../src/', import.meta.url));
const rooms = parseRooms(readFileSync(new URL('../src/README.md', import.meta.url), 'utf8'));
const manifest = packageJson(new URL('../package.json', import.meta.url));

describe('the sources', () => {
  it('are found', () => {
    expect(modules.map(({ path }) => path)).toEqual(expect.arrayContaining(['core/errors.ts', 'oci/store.ts']));
  });

  it('stand in rooms that the table in src/README.md names, each with what it is for', () => {
    const folders = [...new Set(modules.map(({ path }) => posix.dirname(path)))].sort();
    expect(rooms.map(({ name }) => name).sort()).toEqual(folders);
    expect(rooms.filter(({ purpose }) => purpose.length < 20)).toEqual([]);
  });

  it('import only what their room may, through the doors of others', () => {
    expect(modules.flatMap((module) => strayImports(module, rooms))).toEqual([]);
  });

  it('have doors with nothing in them that nobody outside imports, but for the entries', () => {
    const wanted = new Set(
      modules.flatMap(({ path, imports }) => imports.flatMap(({ target }) => outsideTarget(path, target))),
    );
    const idle = rooms.flatMap(({ name, door }) =>
      door === 'all' ? [] : door.map((module) => `${name}/${module}.ts`).filter((path) => !wanted.has(path)),
    );
    expect(idle.filter((path) => !ENTRIES.includes(path))).toEqual([]);
  });

  it('form no circle of rooms', () => {
    expect(roomCircle(rooms)).toBeUndefined();
  });

  it(`stand at most ${WIDEST} in a room`, () => {
    const counts = rooms.map(({ name }) => ({
      name,
      count: modules.filter(({ path }) => posix.dirname(path) === name).length,
    }));
    expect(counts.filter(({ count }) => count > WIDEST)).toEqual([]);
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

  it.each(READING)('reach nothing that publishes from %s', (verb) => {
    // One that was moved would reach nothing at all.
    expect([...modulesReached(modules, verb).keys()]).toContain('run/open-store.ts');
    expect(publishingReached(modules, verb)).toEqual([]);
  });

  it('say in their first line what they are for, on the way from an entry to the write of a tag and to a download', () => {
    const silent = STORY.filter(
      (path) => !/^(?:#!.*\n)?\/\*\*/.test(readFileSync(new URL(`../src/${path}.ts`, import.meta.url), 'utf8')),
    );
    expect(silent).toEqual([]);
  });

  it(`have files of at most ${LONGEST} lines`, () => {
    expect(modules.filter(({ lines }) => lines > LONGEST).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});

describe('these rules see', () => {
  const stray = (path: string, text: string) => strayImports(parseModule(path, text), rooms);

  it.each([
    ['core/x.ts', "import { y } from '../oci/y.js';", 'core may not import from oci'],
    ['python/x.ts', "import type { Y } from '../oci/store.js';", 'python may not import from oci'],
    ['oci/registry/x.ts', "export * from '../../python/name.js';", 'oci/registry may not import from python'],
    ['pyoci/x.ts', "import { y } from '../python/distribution.js';", 'pyoci may not import this of python'],
    ['pyoci/x.ts', "import type { Store } from '../oci/store.js';", 'pyoci may not import this of oci'],
    ['publish/x.ts', "type Y = import('../oci/registry/registry-store.js').Y;", 'may not import from oci/registry'],
    ['run/x.ts', "import { y } from '../cli/y.js';", 'run may not import from cli'],
    ['run/x.ts', 'const y = await import(name);', 'nobody can tell'],
    ['elsewhere/x.ts', "import { y } from '../core/errors.js';", '"elsewhere" is no room'],
    ['core/x.ts', "import { y } from './inner/y.js';", '"core/inner" is no room'],
  ])('a stray import in %s: %s', (path, text, fault) => {
    expect(stray(path, text)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['python/x.ts', "import { gunzip } from './sdist/gzip.js';", 'gzip is not in the door of python/sdist'],
    ['run/x.ts', "import { Http } from '../oci/registry/http.js';", 'http is not in the door of oci/registry'],
    [
      'publish/x.ts',
      "import type { MergeState } from '../release/merge/merge-state.js';",
      'not in the door of release/merge',
    ],
  ])('an import past a door in %s: %s', (path, text, fault) => {
    expect(stray(path, text)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['pyoci/x.ts', "import type { Distribution } from '../python/distribution.js';"],
    ['pyoci/x.ts', "import { parseVersion } from '../python/version.js';"],
    ['publish/x.ts', "import type { Store } from '../oci/store.js'; import { z } from './z.js';"],
    ['oci/registry/x.ts', "import { y } from '../descriptor.js'; import http from 'node:http';"],
    ['cli/x.ts', "import { y } from '../run/publish-run.js';"],
    ['oci/registry/lists/x.ts', "import { Http } from '../http.js';"],
  ])('nothing wrong in %s: %s', (path, text) => {
    expect(stray(path, text)).toEqual([]);
  });

  it('a circle of rooms, inner rooms counted with the outer one', () => {
    const row = (name: string, imports: string) => `| \`${name}\` | what it is for | all | ${imports} |`;
    const table = (...rows: readonly string[]) => parseRooms(rows.join('\n'));
    expect(roomCircle(table(row('a', 'b/c'), row('b', ''), row('b/c', 'a')))).toBe('a > b > a');
    expect(roomCircle(table(row('a', 'b/c'), row('b', 'b/c'), row('b/c', 'b')))).toBeUndefined();
  });

  it('a row of the table that cannot be read', () => {
    expect(() => parseRooms('| `a` | what it is for | all |')).toThrow('no row of rooms');
    expect(() => parseRooms('| `a` | what it is for | all | b; c |')).toThrow('no list of rooms');
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

  it('what publishes behind a verb that reads, through types and through further modules', () => {
    const texts = {
      'cli/verbs/show.ts': "import { a } from '../a.js';",
      'cli/a.ts': "import type { B } from '../run/b.js';",
      'run/b.ts': "export type { C } from '../release/merge/c.js'; import '../checks/d.js';",
    };
    const graph = Object.entries(texts).map(([path, text]) => parseModule(path, text));
    expect(publishingReached(graph, 'cli/verbs/show.ts')).toEqual([
      'cli/verbs/show.ts > cli/a.ts > run/b.ts > release/merge/c.ts',
    ]);
    expect(publishingReached(graph.slice(0, 2), 'cli/verbs/show.ts')).toEqual([]);
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

/** What a module imports of a room that it does not stand in. */
function outsideTarget(path: string, target: string | undefined): readonly string[] {
  if (target === undefined) return [];
  const place = posix.dirname(target);
  return `${posix.dirname(path)}/`.startsWith(`${place}/`) ? [] : [target];
}

function reaching({ path, ambient }: Module): readonly string[] {
  return AT_THE_EDGE.includes(layerOf(path)) ? [] : ambient.map((name) => `${path} reaches for ${name}`);
}

function publishingReached(all: readonly Module[], verb: string): readonly string[] {
  return [...modulesReached(all, verb)].flatMap(([path, way]) => (PUBLISHING.includes(layerOf(path)) ? [way] : []));
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
