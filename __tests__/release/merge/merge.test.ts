import { isCurrent, isFile, roleOf } from '../../../src/pyoci/version-index.js';
import { advance, next } from '../../../src/release/merge/merge.js';
import { startMerge } from '../../../src/release/merge/merge-state.js';
import { explore, type World } from '../../publish/model/explorer.js';
import { adds, attaches, attachment, file, type Publisher, replaces } from '../../publish/model/scenario.js';
import { fates, fatesOf, losses, lost } from '../../publish/model/verdict.js';

const named = (...names: readonly string[]): readonly Publisher[] => names.map((name) => adds(name));
const succeed = (count: number): string => Array(count).fill('success').join(' ');

describe('publishers of different files on one honest journal', () => {
  it.each([1, 2, 3])('%i of them lose nothing, and always come to an end', (count) => {
    const found = explore({ publishers: named('a', 'b', 'c').slice(0, count) });
    expect(found.states).toBeGreaterThan(count * 3);
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([succeed(count)]);
    expect(losses(found)).toEqual([]);
  });

  it('lose a file as soon as nobody looks again after the write', () => {
    const found = explore({
      publishers: named('a', 'b'),
      weaken: (action, state) => (state.phase === 'read-journal' && state.tag ? { kind: 'done' } : action),
    });
    expect(losses(found)).not.toEqual([]);
  });
});

describe('two publishers of one file with different bytes', () => {
  const rivals = [adds('a', file('x', 'one')), adds('b', file('x', 'other'))];

  it('never both succeed', () => {
    const found = explore({ publishers: rivals });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).not.toContain('success success');
    expect(losses(found)).toEqual([]);
  });

  it('never cost a third publisher its file', () => {
    const found = explore({ publishers: [...rivals, adds('c')] });
    expect(found.trapped).toBe(0);
    for (const world of found.ends) {
      expect(fates(world)).not.toMatch(/^success success/);
      expect(fates(world)).toMatch(/success$/);
      expect(lost(world).filter((key) => key.startsWith('c '))).toEqual([]);
    }
  });

  it('both succeed if the entry in the tag is let win', () => {
    const found = explore({
      publishers: rivals,
      weaken: (action) => (action.kind === 'disputed' ? { kind: 'done' } : action),
    });
    expect(fatesOf(found)).toContain('success success');
  });

  it('cost the third its file if a failing one leaves without repairing first', () => {
    const found = explore({
      publishers: [...rivals, adds('c')],
      weaken: (action, state) => (state.disputes.length && state.phase === 'decide' ? { kind: 'disputed' } : action),
    });
    const third = losses(found).filter((world) => lost(world).some((key) => key.startsWith('c ')));
    expect(third).not.toEqual([]);
  });
});

describe('a publisher that skips what others have published', () => {
  it('never costs a third publisher its file, and never fails', () => {
    const skipping = { ...adds('a', file('x', 'one')), skips: true };
    const found = explore({ publishers: [skipping, { ...adds('b', file('x', 'other')), skips: true }, adds('c')] });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([succeed(3)]);
    for (const world of found.ends) {
      expect(lost(world).filter((key) => key.startsWith('c '))).toEqual([]);
      expect((world.tag ?? []).filter((entry) => entry.architecture === 'x')).toHaveLength(1);
    }
  });

  it('makes one that does not skip fail rather than see its file changed', () => {
    const found = explore({
      publishers: [{ ...adds('a', file('x', 'one')), skips: true }, adds('b', file('x', 'other'))],
    });
    expect(found.trapped).toBe(0);
    const published = found.ends.filter((world) => world.actors[1]?.fate === 'success');
    expect(published).not.toEqual([]);
    for (const world of published) expect(lost(world).filter((key) => key.startsWith('x '))).toEqual([]);
  });
});

describe('a replacement', () => {
  const old = file('x', 'old');

  it.each([1, 2])('beside %i additions ends with the new bytes and every addition', (count) => {
    const publishers = [replaces('r', file('x', 'new'), old), ...named('a', 'b').slice(0, count)];
    const found = explore({ publishers, standing: [old] });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([succeed(count + 1)]);
    expect(losses(found)).toEqual([]);
  });

  it('beside another one of the same file never ends with both satisfied', () => {
    const publishers = [replaces('r', file('x', 'new'), old), replaces('s', file('x', 'newer'), old)];
    const found = explore({ publishers, standing: [old] });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).not.toContain('success success');
    expect(losses(found)).toEqual([]);
  });
});

describe('a publisher that only attaches', () => {
  const x = file('x');
  const old = file('x', 'old');
  const architectures = ({ tag }: World) => (tag ?? []).map(({ architecture }) => architecture).sort();
  const current = ({ tag }: World) =>
    (tag ?? []).filter((entry) => isCurrent(roleOf(entry) ?? { type: '', of: '' }, (tag ?? []).filter(isFile)));

  it.each([0, 1])('waits for its file, and loses nothing beside %i additions', (count) => {
    const publishers = [adds('x'), attaches('p', attachment(x)), ...named('a').slice(0, count)];
    const found = explore({ publishers });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([succeed(count + 2)]);
    expect(losses(found)).toEqual([]);
    for (const world of found.ends) expect(architectures(world)).toContain('-x.sig');
  });

  it('never makes a version of its own', () => {
    const writes: number[] = [];
    const { states } = explore({
      publishers: [adds('x'), attaches('p', attachment(x))],
      weaken: (action) => {
        if (action.kind === 'write') writes.push(action.entries.filter(isFile).length);
        return action;
      },
    });
    expect([states > 10, Math.min(...writes)]).toEqual([true, 1]);
  });

  it('fails for nobody who attaches other bytes of the same kind: one of the two stands', () => {
    const publishers = [adds('x'), attaches('p', attachment(x)), attaches('q', attachment(x, 'again'))];
    const found = explore({ publishers });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([succeed(3)]);
    for (const world of found.ends) expect(architectures(world)).toEqual(['-x.sig', 'x']);
  });

  it.each([0, 1])(
    'beside a replacement of its file fails or went before it, and the new file has its own, with %i additions',
    (count) => {
      const replacing = [...replaces('r', x, old).claims, ...attaches('r', attachment(x)).claims];
      const publishers = [
        { name: 'r', claims: replacing },
        attaches('p', attachment(old)),
        ...named('a').slice(0, count),
      ];
      const found = explore({ publishers, standing: [old] });
      expect(found.trapped).toBe(0);
      expect(fatesOf(found).every((fate) => /^success (?:success|failure)( success)*$/.test(fate))).toBe(true);
      expect(losses(found)).toEqual([]);
      for (const world of found.ends) {
        expect(current(world).map(({ sha256 }) => sha256)).toEqual([attachment(x).sha256]);
      }
    },
  );

  it('takes the place of one whose file was replaced', () => {
    const standing = [x, attachment(old)];
    const found = explore({ publishers: [attaches('p', attachment(x)), adds('a')], standing });
    expect(losses(found)).toEqual([]);
    expect(fatesOf(found)).toEqual(['success success']);
    for (const world of found.ends) expect(current(world)).toEqual([attachment(x)]);
  });

  it('goes on waiting where something about other bytes stands in its place', () => {
    const rules = {
      hold: 2_000,
      journaled: false,
      skipTaken: false,
      patience: 60_000,
      longest: 60_000,
      mostRounds: 100,
    };
    const entries = [file('b'), attachment(old)];
    const reading = { digest: 'sha256:1', entries, sentAt: 0, answeredAt: 0 };
    const state = advance(startMerge(attaches('p', attachment(x)).claims, rules, 0), { kind: 'tag', reading });
    expect(next(state, 4_000)).toEqual({ kind: 'wait', milliseconds: 3_000 });
    expect(next(state, 59_000)).toEqual({ kind: 'wait', milliseconds: 1_000 });
    expect(next(state, 60_000)).toEqual({ kind: 'unlisted' });
  });

  it('beside its own file, dies and is signed anew by its re-run, which succeeds', () => {
    const rebuilt = attaches('p', x, attachment(x, 'again')).claims;
    const dying = { ...attaches('p', x, attachment(x)), mortal: true, rebuilt };
    const found = explore({ publishers: [dying, adds('a')] });
    expect([found.trapped, losses(found)]).toEqual([0, []]);
    expect(fatesOf(found)).toEqual(['success success']);
  });

  it('that dies, and is run again, loses nothing', () => {
    const found = explore({ publishers: [{ ...attaches('p', attachment(x)), mortal: true }, adds('x')] });
    expect([found.trapped, losses(found)]).toEqual([0, []]);
    expect(fatesOf(found)).toEqual(['success success']);
  });
});
