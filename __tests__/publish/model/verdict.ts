import { type IndexEntry, isCurrent, isFile, roleOf } from '../../../src/pyoci/version-index.js';
import { laterOf } from '../../../src/pyoci/yanking/yanked.js';
import type { Exploration, World } from './explorer.js';
import { split } from './scenario.js';

/** `success failure`, in the order of the publishers. */
export function fates({ actors }: World): string {
  return actors.map((actor) => actor.fate).join(' ');
}

export function fatesOf({ ends }: Exploration): readonly string[] {
  return [...new Set(ends.map(fates))].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Files of publishers that reported success, and yet the tag does not hold them at the end: `architecture bytes`. Of an
 * attachment, where nothing of its kind stands for a file that does; that of another file went with it.
 */
export function lost({ tag, actors }: World): readonly string[] {
  const { entries, word } = split(tag ?? []);
  const standing = new Set(entries.map(keyOf));
  const files = entries.filter(isFile);
  const unsaid = actors.filter(({ fate, state }) => fate === 'success' && laterOf(word, state.word) !== word);
  const promised = actors
    .flatMap(({ fate, state }) => (fate === 'success' ? state.mine : []))
    .filter(({ entry }) => isFile(entry) || isCurrent(roleOf(entry) ?? fail(), files));
  return [
    ...promised.map(({ entry }) => keyOf(entry)).filter((key) => !standing.has(key)),
    ...unsaid.map(({ state }) => `what was said at ${state.word?.at}`),
  ];
}

/** Of two attachments of one kind, for the same file, either will do. */
function keyOf(entry: IndexEntry): string {
  return `${entry.architecture} ${isFile(entry) ? entry.sha256 : roleOf(entry)?.of}`;
}

function fail(): never {
  throw new Error('an attachment without a role');
}

export function losses({ ends }: Exploration): readonly World[] {
  return ends.filter((world) => lost(world).length > 0);
}

/** Losses of which nobody was told. */
export function silent(exploration: Exploration): readonly World[] {
  return losses(exploration).filter(({ actors }) => !actors.some((actor) => actor.warned));
}
