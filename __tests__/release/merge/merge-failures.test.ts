import { explore } from '../../publish/model/explorer.js';
import { adds, file, type Publisher } from '../../publish/model/scenario.js';
import { fates, fatesOf, losses, silent } from '../../publish/model/verdict.js';

const mortal = (publisher: Publisher): Publisher => ({ ...publisher, mortal: true });

describe('a publisher that dies', () => {
  it.each([1, 2])('at any step leaves nothing that its re-run does not repair, beside %i others', (count) => {
    const found = explore({ publishers: [mortal(adds('a')), adds('b'), adds('c')].slice(0, count + 1) });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual([
      Array(count + 1)
        .fill('success')
        .join(' '),
    ]);
    expect(losses(found)).toEqual([]);
  });

  it('and another that dies too leave nothing that their re-runs do not repair', () => {
    const found = explore({ publishers: [mortal(adds('a')), mortal(adds('b'))] });
    expect(found.trapped).toBe(0);
    expect(losses(found)).toEqual([]);
  });

  it('leaves a loss if its re-run is content with its own file', () => {
    const found = explore({
      publishers: [mortal(adds('a')), adds('b')],
      weaken: (action, state) => (state.mine.length === 0 ? { kind: 'done' } : action),
    });
    expect(losses(found)).not.toEqual([]);
  });
});

describe('a re-run whose build gives other bytes', () => {
  const rebuilt = { ...mortal(adds('a', file('x', 'one'))), rebuilt: adds('a', file('x', 'other')).claims };

  it('is not disputed by the record of its own first attempt', () => {
    const found = explore({ publishers: [rebuilt] });
    expect(found.trapped).toBe(0);
    // What the first attempt had listed before it died is published, and other bytes are refused.
    expect(fatesOf(found)).toEqual(['failure', 'success']);
    const refused = found.ends.filter((world) => world.actors[0]?.attempt === 2 && fates(world) === 'failure');
    expect(refused).not.toEqual([]);
    for (const world of refused) expect(world.tag).toEqual([file('x', 'one')]);
  });

  it('costs nobody else a file, and changes nothing that stood in the tag', () => {
    const found = explore({ publishers: [rebuilt, adds('b')] });
    expect(found.trapped).toBe(0);
    expect(losses(found)).toEqual([]);
    for (const world of found.ends) expect(fates(world)).toMatch(/success$/);
  });

  it('is believed over its first attempt, even if that has succeeded meanwhile: a runner was given up too early', () => {
    const later = { ...adds('a', file('x', 'other')), again: true };
    const found = explore({ publishers: [adds('a', file('x', 'one')), later] });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toEqual(['failure success', 'success failure', 'success success']);
    for (const { tag, actors } of found.ends) {
      expect(tag).toEqual([file('x', actors[1]?.fate === 'success' ? 'other' : 'one')]);
    }
  });
});

describe('a write that is answered with an error', () => {
  it('applied or not, costs nobody a file, unless one gives up and says so', () => {
    const found = explore({ publishers: [adds('a'), adds('b')], errors: true });
    expect(found.trapped).toBe(0);
    expect(fatesOf(found)).toContain('success success');
    expect(losses(found)).not.toEqual([]);
    for (const world of losses(found)) expect(fates(world)).toContain('failure');
  });
});

describe('a write that is applied late', () => {
  it('costs nothing of which nobody is told', () => {
    const found = explore({ publishers: [adds('a'), adds('b')], late: true });
    expect(found.trapped).toBe(0);
    expect(losses(found)).not.toEqual([]);
    expect(silent(found)).toEqual([]);
  });

  it('is repaired where somebody still looks', () => {
    const found = explore({ publishers: [adds('a'), adds('b')], late: true });
    const repaired = found.ends.filter(
      (world) => world.actors.some((actor) => actor.warned) && !losses({ ...found, ends: [world] }).length,
    );
    expect(repaired).not.toEqual([]);
  });
});
