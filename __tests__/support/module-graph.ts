import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';

/** One source file, as far as rules about structure care. */
export interface Module {
  /** Below `src`: `oci/registry/retry.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** What it reaches for without being handed it: `process`, `Date.now`, `Math.random`, `new Date()`. */
  readonly ambient: readonly string[];
}

export interface Import {
  readonly specifier: string;
  /** The module below `src`; `undefined` for Node's own modules and packages. */
  readonly target: string | undefined;
  /** Erased by the compiler, so nothing is loaded. `import { type X }` is not: it still loads the module. */
  readonly typeOnly: boolean;
}

/** Every module below a folder. */
export function modulesBelow(root: URL): readonly Module[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort((a, b) => a.localeCompare(b))
    .map((path) => parseModule(path, readFileSync(new URL(path, root), 'utf8')));
}

export function parseModule(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const ambient: string[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier) return;
    const written = ts.isStringLiteralLike(specifier) ? specifier.text : `computed: ${specifier.getText()}`;
    const target = written.startsWith('.')
      ? posix.join(posix.dirname(path), written).replace(/\.js$/, '.ts')
      : undefined;
    imports.push({ specifier: written, target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(literalOf(node.argument), true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    const reached = ambientName(node);
    if (reached) ambient.push(reached);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), imports, ambient };
}

/** Every module that an entry imports by way of whatever it imports, types included; with the way there. */
export function modulesReached(modules: readonly Module[], entry: string): ReadonlyMap<string, string> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const ways = new Map([[entry, entry]]);
  for (const [path, way] of ways) {
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== undefined && !ways.has(target)) ways.set(target, `${way} > ${target}`);
    }
  }
  return ways;
}

/** Every package whose code could be loaded from `entries`, by way of whatever they import; with the way there. */
export function packagesReached(modules: readonly Module[], entries: readonly string[]): ReadonlyMap<string, string> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const ways = new Map(entries.map((path) => [path, path]));
  const packages = new Map<string, string>();
  for (const [path, way] of ways) {
    for (const { specifier, target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (typeOnly) continue;
      if (target !== undefined && !ways.has(target)) ways.set(target, `${way} > ${target}`);
      if (target === undefined && !specifier.startsWith('node:')) packages.set(packageOf(specifier), way);
    }
  }
  return packages;
}

/** The first circle of imports, types included, as a path; `undefined` if there is none. */
export function circle(modules: readonly Module[]): string | undefined {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' > ');
    if (finished.has(path)) return undefined;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      const found = target === undefined ? undefined : walk(target, [...trail, path]);
      if (found) return found;
    }
    finished.add(path);
    return undefined;
  };
  for (const { path } of modules) {
    const found = walk(path, []);
    if (found) return found;
  }
  return undefined;
}

/** `@scope/name` or `name`, of any specifier into a package. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function literalOf(node: ts.TypeNode): ts.Node {
  return ts.isLiteralTypeNode(node) ? node.literal : node;
}

function ambientName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText().replace(/\s|\?/g, '');
    if (/^(globalThis\.)?(Date\.now|Math\.random|performance\.now|process)$/.test(name)) return name;
  }
  if (ts.isIdentifier(node) && node.text === 'process' && !isMemberName(node)) return 'process';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isStringLiteral(node) && node.text === 'node:process') return 'node:process';
  return undefined;
}

/** `x.process`, `{ process: 1 }` and the like name a member, not the global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}
