import { explore } from '../../publish/model/explorer.js';
import { adds, file, type Publisher, replaces } from '../../publish/model/scenario.js';
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
