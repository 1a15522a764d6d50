import { posix } from 'node:path';
import type { Import, Module } from './module-graph.js';

/** One folder of the source, as the table in `src/README.md` has it. */
export interface Room {
  /** Below `src`: `oci/registry`. */
  readonly name: string;
  readonly purpose: string;
  /** Modules that other rooms may import, without their extension; `all` for every one. */
  readonly door: readonly string[] | 'all';
  readonly imports: readonly Arrow[];
}

/** What a room may import from another one. */
export interface Arrow {
  readonly room: string;
  /** `undefined`: all that is in the door. */
  readonly modules: readonly string[] | undefined;
  readonly typesOnly: boolean;
}

const ROW = /^\| `([^`]+)` \|([^|]+)\|([^|]*)\|([^|]*)\|$/;
const ARROW = /([a-z-]+(?:\/[a-z-]+)*)(?: \(([^)]+)\))?(?:, |$)/g;

/** The rooms of a table in Markdown. @throws Error for a row that cannot be read */
export function parseRooms(page: string): readonly Room[] {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [, name, purpose = '', door = '', imports = ''] = ROW.exec(row) ?? [];
    if (name === undefined) throw new Error(`no row of rooms: ${row}`);
    return {
      name,
      purpose: purpose.trim(),
      door: door.trim() === 'all' ? 'all' : words(door),
      imports: arrowsOf(imports.trim()),
    };
  });
}

/** What is wrong with a module's imports, a line each. */
export function strayImports(module: Module, rooms: readonly Room[]): readonly string[] {
  const home = rooms.find(({ name }) => name === posix.dirname(module.path));
  if (!home) return [`${module.path}: "${posix.dirname(module.path)}" is no room`];
  return module.imports.flatMap((one) => {
    const fault = faultOf(one, home, rooms);
    return fault === undefined ? [] : [`${module.path} imports ${one.specifier}: ${fault}`];
  });
}

function faultOf({ specifier, target, typeOnly }: Import, home: Room, rooms: readonly Room[]): string | undefined {
  if (target === undefined) return specifier.startsWith('computed: ') ? 'nobody can tell what it is' : undefined;
  const place = posix.dirname(target);
  if (place === home.name) return undefined;
  const name = posix.basename(target, '.ts');
  const room = rooms.find((each) => each.name === place);
  if (!room) return `"${place}" is no room`;
  const arrows = home.imports.filter((arrow) => arrow.room === place);
  if (!arrows.length) return `${home.name} may not import from ${place}`;
  const open = arrows.some(
    ({ modules, typesOnly }) => (modules === undefined || modules.includes(name)) && (!typesOnly || typeOnly),
  );
  if (!open) return `${home.name} may not import this of ${place}`;
  // A room within another one is part of its inside.
  if (home.name.startsWith(`${place}/`)) return undefined;
  return room.door === 'all' || room.door.includes(name) ? undefined : `${name} is not in the door of ${place}`;
}

/** The first circle of rooms, inner rooms counted as part of the outermost; `undefined` if there is none. */
export function roomCircle(rooms: readonly Room[]): string | undefined {
  const outer = (name: string): string => name.split('/', 1)[0] ?? name;
  const arrows = new Map<string, Set<string>>();
  for (const { name, imports } of rooms) {
    const from = outer(name);
    const to = arrows.get(from) ?? new Set();
    arrows.set(from, to);
    for (const { room } of imports) if (outer(room) !== from) to.add(outer(room));
  }
  const finished = new Set<string>();
  const walk = (name: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name].join(' > ');
    if (finished.has(name)) return undefined;
    for (const next of arrows.get(name) ?? []) {
      const found = walk(next, [...trail, name]);
      if (found !== undefined) return found;
    }
    finished.add(name);
    return undefined;
  };
  for (const name of arrows.keys()) {
    const found = walk(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

function arrowsOf(text: string): readonly Arrow[] {
  const found = [...text.matchAll(ARROW)];
  if (found.map(([all]) => all).join('') !== text) throw new Error(`no list of rooms: ${text}`);
  return found.map(([, room = '', inside]) => {
    const typesOnly = inside === 'types';
    return { room, modules: inside === undefined || typesOnly ? undefined : words(inside), typesOnly };
  });
}

function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
