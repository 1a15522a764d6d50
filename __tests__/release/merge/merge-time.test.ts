import { SETTLE } from '../../../src/release/merge/merge-state.js';
import { explore } from '../../publish/model/explorer.js';
import { adds, file, type Scenario, says, split } from '../../publish/model/scenario.js';
import { fates, fatesOf, losses, lost, silent } from '../../publish/model/verdict.js';

/** No journal: only time protects. Each publisher takes up to so many ticks from a read to the answer of its write. */
function timed(ticks: number, slowest: readonly number[], rest: Partial<Scenario> = {}): Scenario {
  const publishers = ['a', 'b', 'c'].slice(0, slowest.length).map((name) => adds(name));
  return { publishers, journaled: false, time: { tick: SETTLE / ticks, slowest }, ...rest };
}

describe('publishers without a journal', () => {
  it.each([
    ['two, at four moments within the settle time', timed(4, [3, 3])],
    ['three, at two moments within it', timed(2, [1, 1, 1])],
  ])('lose nothing while every write is answered within the settle time from its read: %s', (_, scenario) => {
    const found = explore(scenario);
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([Array(scenario.publishers.length).fill('success').join(' ')]);
    expect(losses(found)).toEqual([]);
  });

  it('lose files when a write takes longer, and never silently', () => {
    const found = explore(timed(2, [1, 5]));
    expect(found.trapped).toBe(0);
    expect(losses(found)).not.toEqual([]);
    expect(silent(found)).toEqual([]);
  });

  it('lose files silently as soon as one of them does not wait', () => {
    const found = explore(
      timed(4, [3, 3], { weaken: (action) => (action.kind === 'wait' ? { kind: 'done' } : action) }),
    );
    expect(silent(found)).not.toEqual([]);
  });

  it('lose files silently if a slow writer keeps quiet about it', () => {
    const found = explore(timed(2, [1, 5]));
    const quiet = {
      ...found,
      ends: found.ends.map((world) => ({
        ...world,
        actors: world.actors.map((actor) => ({ ...actor, warned: false })),
      })),
    };
    expect(silent(quiet)).not.toEqual([]);
  });

  it('that skip agree on one of two files of one name', () => {
    const one = { ...adds('a', file('x', 'one')), skips: true };
    const other = { ...adds('b', file('x', 'other')), skips: true };
    const found = explore({ ...timed(4, [3, 3]), publishers: [one, other] });
    expect(found.trapped).toBe(0);
    for (const world of found.ends) {
      expect(fates(world)).toBe('success success');
      expect(lost(world)).toEqual([]);
    }
  });

  it('never both succeed with different bytes for one file', () => {
    const found = explore({
      ...timed(4, [3, 3]),
      publishers: [adds('a', file('x', 'one')), adds('b', file('x', 'other'))],
    });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).not.toContain('success success');
    expect(losses(found)).toEqual([]);
  });
});

describe('a publisher on a journal beside one that has no part in it', () => {
  const beside = (rest: Partial<Scenario> = {}): Scenario => ({
    ...timed(4, [3, 3]),
    publishers: [adds('a'), { ...adds('o'), outsider: true }],
    journaled: true,
    ...rest,
  });

  it('loses nothing and costs nothing while writes come within the settle time', () => {
    const found = explore(beside());
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual(['success success']);
    expect(losses(found)).toEqual([]);
  });

  it('loses files silently if the journal is all it trusts in', () => {
    const found = explore(beside({ weaken: (action) => (action.kind === 'wait' ? { kind: 'done' } : action) }));
    expect(silent(found)).not.toEqual([]);
  });
});

describe('a version that is yanked beside a publisher', () => {
  const standing = [file('x')];
  const scenes: readonly (readonly [string, Scenario])[] = [
    ['without a journal', timed(4, [3, 3], { standing, publishers: [says('y', true, 1), adds('a')] })],
    [
      'whose run has a journal',
      timed(4, [3, 3], {
        standing,
        journaled: true,
        publishers: [{ ...says('y', true, 1), outsider: true }, adds('a')],
      }),
    ],
    [
      'and taken back in by a third',
      timed(2, [1, 1, 1], { standing, publishers: [says('y', true, 1), says('u', false, 2), adds('a')] }),
    ],
  ];

  it.each(scenes)('loses neither the file nor the word: %s', (_, scenario) => {
    const found = explore(scenario);
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([Array(scenario.publishers.length).fill('success').join(' ')]);
    expect(losses(found)).toEqual([]);
  });

  it('says at last what was said last, whoever wrote last', () => {
    const found = explore(timed(2, [1, 1], { standing, publishers: [says('y', true, 1), says('u', false, 2)] }));
    const words = found.ends.map(({ tag }) => split(tag ?? []).word?.yanked);
    expect(new Set(words)).toEqual(new Set([false]));
  });

  it('loses the word as soon as nobody waits', () => {
    const weaken: Scenario['weaken'] = (action) => (action.kind === 'wait' ? { kind: 'done' } : action);
    const found = explore(timed(4, [3, 3], { standing, weaken, publishers: [says('y', true, 1), adds('a')] }));
    expect(silent(found)).not.toEqual([]);
  });
});
