/**
 * Walks every interleaving of several publishers that merge one version, running the very code of `merge.ts`.
 *
 * A world is a tag, a journal, writes that are late, and the publishers. Each step of a publisher is atomic: append a
 * record, read the journal, read the tag, write the tag; where time passes, requests begin and end. Publishers, tags and
 * journals are numbered, so that a world is one short row, and what a publisher can do is computed once.
 */

import type { IndexEntry } from '../../../src/pyoci/version-index.js';
import type { Claim } from '../../../src/release/merge/journal.js';
import {
  type Actor,
  actorKey,
  type Content,
  claimsKey,
  contentKey,
  movesOf,
  sorted,
  startActor,
  startAgain,
  ticked,
} from './actor.js';
import { Graph } from './graph.js';
import { Interned } from './interned.js';
import { Rows } from './rows.js';
import type { Scenario } from './scenario.js';

export interface World {
  readonly tag: Content;
  readonly journal: readonly Claim[];
  readonly actors: readonly Actor[];
}

export interface Exploration {
  readonly states: number;
  /** Worlds in which nobody can move any more. */
  readonly ends: readonly World[];
  /** States from which no end can be reached. */
  readonly trapped: number;
}

/** Columns of a row before those of the publishers. */
const TAG = 0;
const JOURNAL = 1;
const DELAYED = 2;
const ACTORS = 3;

export function explore(scenario: Scenario): Exploration {
  const model = new Model(scenario);
  const rows = new Rows(ACTORS + model.width);
  const graph = new Graph();
  const ends: World[] = [];
  const targets = new Set<number>();
  rows.add(model.start());
  for (let place = 0; place < rows.count; place += 1) {
    const row = rows.read(place);
    const successors = model.successors(row);
    if (successors.length === 0) ends.push(model.worldOf(row));
    targets.clear();
    for (const successor of successors) targets.add(rows.add(successor));
    graph.add(targets);
  }
  return { states: rows.count, ends, trapped: graph.trapped };
}

/** A step, as what it puts into which column. */
interface Effect {
  readonly actor: number;
  readonly tag: number | undefined;
  readonly appended: readonly Claim[] | undefined;
  readonly delayed: readonly IndexEntry[] | undefined;
}

class Model {
  readonly width: number;
  readonly #scenario: Scenario;
  readonly #tags = new Interned<{ readonly content: Content }>(({ content }) => (content ? contentKey(content) : '-'));
  readonly #journals = new Interned<readonly Claim[]>(claimsKey);
  readonly #delayed = new Interned<readonly (readonly IndexEntry[])[]>((writes) => writes.map(contentKey).join(';'));
  readonly #actors: readonly Interned<Actor>[];
  readonly #effects: readonly Map<number, readonly Effect[]>[];
  readonly #ticks: readonly Map<number, number | undefined>[];

  constructor(scenario: Scenario) {
    const { publishers } = scenario;
    this.width = publishers.length;
    this.#scenario = scenario;
    this.#actors = publishers.map(() => new Interned<Actor>(actorKey));
    this.#effects = publishers.map(() => new Map());
    this.#ticks = publishers.map(() => new Map());
  }

  start(): number[] {
    const { publishers, standing } = this.#scenario;
    const actors = publishers.map((publisher, index) => {
      const begin = publisher.again ? startAgain : startActor;
      return this.#actorsOf(index).idOf(begin(this.#scenario, publisher));
    });
    return [this.#tagId(standing && sorted(standing)), this.#journals.idOf([]), this.#delayed.idOf([]), ...actors];
  }

  worldOf(row: readonly number[]): World {
    return {
      tag: this.#tags.valueOf(row[TAG] ?? 0).content,
      journal: this.#journals.valueOf(row[JOURNAL] ?? 0),
      actors: row.slice(ACTORS).map((id, index) => this.#actorsOf(index).valueOf(id)),
    };
  }

  /** The rows that one step of somebody leads to. */
  successors(row: readonly number[]): readonly number[][] {
    const found: number[][] = [];
    for (let index = 0; index < this.width; index += 1) {
      for (const effect of this.#effectsOf(row, index)) found.push(this.#changed(row, index, effect));
    }
    this.#delayed.valueOf(row[DELAYED] ?? 0).forEach((write, at, writes) => {
      const left = writes.filter((_, other) => other !== at);
      const changed = [...row];
      changed[TAG] = this.#tagId(write);
      changed[DELAYED] = this.#delayed.idOf(left);
      found.push(changed);
    });
    const later = this.#scenario.time && this.#later(row);
    if (later) found.push(later);
    return found;
  }

  #effectsOf(row: readonly number[], index: number): readonly Effect[] {
    const [tag = 0, journal = 0] = row;
    const id = row[ACTORS + index] ?? 0;
    const key = (id * 0x10000 + tag) * 0x10000 + journal;
    const known = this.#effects[index]?.get(key);
    if (known) return known;
    const publisher = this.#scenario.publishers[index];
    if (!publisher) throw new RangeError(`there is no publisher ${index}`);
    const actor = this.#actorsOf(index).valueOf(id);
    const { content } = this.#tags.valueOf(tag);
    const moves = movesOf(this.#scenario, publisher, actor, content, this.#journals.valueOf(journal));
    const effects = moves.map((move) => ({
      actor: this.#actorsOf(index).idOf(move.actor),
      tag: move.tag && this.#tagId(move.tag),
      appended: move.appended,
      delayed: move.delayed,
    }));
    this.#effects[index]?.set(key, effects);
    return effects;
  }

  #changed(row: readonly number[], index: number, { actor, tag, appended, delayed }: Effect): number[] {
    const changed = [...row];
    changed[ACTORS + index] = actor;
    if (tag !== undefined) changed[TAG] = tag;
    if (appended) changed[JOURNAL] = this.#journals.idOf(together(this.#journals.valueOf(row[JOURNAL] ?? 0), appended));
    if (delayed) changed[DELAYED] = this.#delayed.idOf([...this.#delayed.valueOf(row[DELAYED] ?? 0), delayed]);
    return changed;
  }

  /** One tick later, for all; nothing if somebody has to act first, or if nobody is left to see it. */
  #later(row: readonly number[]): number[] | undefined {
    const changed = row.slice(0, ACTORS);
    for (let index = 0; index < this.width; index += 1) {
      const id = row[ACTORS + index] ?? 0;
      const ticks = this.#ticks[index];
      if (ticks && !ticks.has(id)) {
        const actor = ticked(this.#scenario, index, this.#actorsOf(index).valueOf(id));
        ticks.set(id, actor && this.#actorsOf(index).idOf(actor));
      }
      const after = ticks?.get(id);
      if (after === undefined) return undefined;
      changed.push(after);
    }
    return changed.every((cell, column) => cell === row[column]) ? undefined : changed;
  }

  #tagId(content: Content): number {
    return this.#tags.idOf({ content });
  }

  #actorsOf(index: number): Interned<Actor> {
    const actors = this.#actors[index];
    if (!actors) throw new RangeError(`there is no publisher ${index}`);
    return actors;
  }
}

function together(journal: readonly Claim[], appended: readonly Claim[]): readonly Claim[] {
  const known = new Set(journal.map((claim) => claimsKey([claim])));
  const fresh = appended.filter((claim) => !known.has(claimsKey([claim])));
  return [...journal, ...fresh].sort((a, b) => (claimsKey([a]) < claimsKey([b]) ? -1 : 1));
}
