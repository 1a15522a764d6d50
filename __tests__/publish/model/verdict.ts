import type { Exploration, World } from './explorer.js';

/** `success failure`, in the order of the publishers. */
export function fates({ actors }: World): string {
  return actors.map((actor) => actor.fate).join(' ');
}

export function fatesOf({ ends }: Exploration): readonly string[] {
  return [...new Set(ends.map(fates))].sort((a, b) => (a < b ? -1 : 1));
}

/** Files of publishers that reported success, and yet the tag does not hold them at the end: `architecture bytes`. */
export function lost({ tag, actors }: World): readonly string[] {
  const standing = new Set((tag ?? []).map((entry) => `${entry.architecture} ${entry.sha256}`));
  const promised = actors.flatMap(({ fate, state }) => (fate === 'success' ? state.mine : []));
  return promised.map(({ entry }) => `${entry.architecture} ${entry.sha256}`).filter((key) => !standing.has(key));
}

export function losses({ ends }: Exploration): readonly World[] {
  return ends.filter((world) => lost(world).length > 0);
}

/** Losses of which nobody was told. */
export function silent(exploration: Exploration): readonly World[] {
  return losses(exploration).filter(({ actors }) => !actors.some((actor) => actor.warned));
}
