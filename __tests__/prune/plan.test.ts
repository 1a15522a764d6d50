import fc from 'fast-check';
import { digestOf } from '../../src/core/digest.js';
import { parseAge } from '../../src/core/text/age.js';
import { CLASSES, classOf, lineOf } from '../../src/prune/classes.js';
import { parseKeep } from '../../src/prune/keep.js';
import { checkPlan, type Fate, type HeldVersion, planPrune } from '../../src/prune/plan.js';
import type { Rules } from '../../src/prune/rules.js';
import { parseVersion } from '../../src/python/version.js';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const DAY = 86_400_000;
const NO_RULES: Rules = {
  classes: [],
  keepLast: undefined,
  olderThan: undefined,
  per: undefined,
  keep: [],
  trustCreated: false,
  evenAll: false,
  untagged: false,
};

/** @param days of age; `undefined` if nobody knows */
function held(text: string, days?: number, content = text): HeldVersion {
  const version = parseVersion(text);
  if (!version) throw new Error(`no version: ${text}`);
  const created = days === undefined ? undefined : NOW - days * DAY;
  return { tag: text.replaceAll('+', '-'), version, digest: digestOf(Buffer.from(content)), created };
}

const table = (fates: readonly Fate[]): Record<string, string> =>
  Object.fromEntries(fates.map(({ tag, goes, why }) => [tag, `${goes ? 'goes' : 'stays'}: ${why}`]));
const plan = (versions: readonly HeldVersion[], rules: Partial<Rules>) =>
  planPrune(versions, [], { ...NO_RULES, ...rules }, NOW);
const spelled = (name: string): string => `option --${name}`;

describe('a plan', () => {
  it('takes what is not among the newest of a named class, and nothing else', () => {
    const versions = ['1.0', '1.1.dev1', '1.1.dev10', '1.1.dev9', '1.1rc1', '1.0+cu12'].map((text) => held(text));
    expect(table(plan(versions, { classes: ['dev'], keepLast: 2 }))).toEqual({
      '1.1rc1': 'stays: no rule is for pre versions',
      '1.1.dev10': 'stays: among the 2 newest dev',
      '1.1.dev9': 'stays: among the 2 newest dev',
      '1.1.dev1': 'goes: not among the 2 newest dev',
      '1.0-cu12': 'stays: no rule is for local versions',
      '1.0': 'stays: no rule is for final versions',
    });
  });

  it('counts the newest for each release line where it is told to', () => {
    const versions = ['1.0.dev1', '1.0.dev2', '1.1.dev1', '1.1.dev2'].map((text) => held(text));
    expect(table(plan(versions, { classes: ['dev'], keepLast: 1, per: 'minor' }))).toEqual({
      '1.1.dev2': 'stays: among the newest dev of 1.1',
      '1.1.dev1': 'goes: not among the newest dev of 1.1',
      '1.0.dev2': 'stays: among the newest dev of 1.0',
      '1.0.dev1': 'goes: not among the newest dev of 1.0',
    });
  });

  it('takes what is too old only if it is not among the newest either', () => {
    const versions = [held('3rc1', 90), held('2rc1', 40), held('1rc1', 20), held('1b1')];
    const rules = { classes: ['pre'], keepLast: 1, olderThan: parseAge('30d') } as const;
    expect(table(plan(versions, rules))).toEqual({
      '3rc1': 'stays: among the newest pre',
      '2rc1': 'goes: not among the newest pre, older than 30d',
      '1rc1': 'stays: not older than 30d',
      '1b1': 'stays: its age is not known',
    });
  });

  it('lets a keep win over every rule', () => {
    const rules = { classes: ['final'], keepLast: 0, keep: [parseKeep('==1.*')] } as const;
    expect(table(plan([held('1.5'), held('2.0')], rules))).toEqual({
      '2.0': 'goes: final',
      '1.5': 'stays: kept by "==1.*"',
    });
  });

  it('leaves an index alone while one of its tags stays, be it a version or not', () => {
    const versions = [
      held('1.0', 1, 'same'),
      held('1.0.dev1', 1, 'same'),
      held('0.9.dev1', 1, 'latest'),
      held('0.8.dev1'),
    ];
    const latest = { tag: 'latest', digest: digestOf(Buffer.from('latest')), why: 'it is no version' };
    const rules: Rules = { ...NO_RULES, classes: ['dev'], keepLast: 0 };
    expect(table(planPrune(versions, [latest], rules, NOW))).toEqual({
      '1.0': 'stays: no rule is for final versions',
      '1.0.dev1': 'stays: shares its index with 1.0',
      '0.9.dev1': 'stays: shares its index with the tag latest',
      '0.8.dev1': 'goes: dev',
    });
  });

  it('counts two tags of one index once', () => {
    const versions = [held('1.0.dev2', 1, 'same'), held('1.0.0.dev2', 1, 'same'), held('1.0.dev1'), held('1.0.dev0')];
    const going = plan(versions, { classes: ['dev'], keepLast: 2 }).filter(({ goes }) => goes);
    expect(going.map(({ tag }) => tag)).toEqual(['1.0.dev0']);
  });

  it('takes the later of builds that differ only in a commit for the newer one', () => {
    const versions = [held('1.0.dev0+gff', 3), held('1.0.dev0+g00', 1), held('1.0.dev0+g77', 2)];
    const going = plan(versions, { classes: ['dev'], keepLast: 1 }).filter(({ goes }) => goes);
    expect(going.map(({ tag }) => tag)).toEqual(['1.0.dev0-g77', '1.0.dev0-gff']);
  });
});

describe('a plan that goes too far', () => {
  const all = plan([held('1.0.dev1'), held('1.0.dev2')], { classes: ['dev'], keepLast: 0 });
  const finals = plan([held('1.0'), held('2.0'), held('3.0rc1')], { classes: ['final'], keepLast: 0 });

  it('is refused if it takes every version', () => {
    expect(() => checkPlan(all, NO_RULES, 'o/foo', spelled)).toThrow(
      'Cannot prune o/foo: the rules take all of its 2 versions',
    );
  });

  it('is refused if it takes the newest final', () => {
    expect(() => checkPlan(finals, NO_RULES, 'o/foo', spelled)).toThrow(
      'Cannot prune o/foo: the rules take its newest final version, 2.0',
    );
  });

  it('passes where the user says so, or where nothing goes', () => {
    for (const fates of [all, finals]) checkPlan(fates, { ...NO_RULES, evenAll: true }, 'o/foo', spelled);
    checkPlan([], NO_RULES, 'o/foo', spelled);
  });
});

describe('any plan', () => {
  const number = fc.integer({ min: 0, max: 3 });
  const text = fc
    .record({
      release: fc.array(number, { minLength: 1, maxLength: 3 }),
      pre: fc.option(fc.tuple(fc.constantFrom('a', 'b', 'rc'), number), { nil: undefined }),
      dev: fc.option(number, { nil: undefined }),
      local: fc.option(fc.constantFrom('cu12', 'g1a', '7'), { nil: undefined }),
    })
    .map(({ release, pre, dev, local }) =>
      [release.join('.'), pre?.join(''), dev === undefined ? '' : `.dev${dev}`, local && `+${local}`].join(''),
    );
  const versions = fc
    .uniqueArray(
      fc.record({ text, days: fc.option(fc.integer({ min: -2, max: 60 }), { nil: undefined }), content: fc.nat(40) }),
      { selector: (one) => one.text, maxLength: 30 },
    )
    .map((all) => all.map((one) => held(one.text, one.days, String(one.content))));
  const rules: fc.Arbitrary<Rules> = fc.record({
    classes: fc.subarray([...CLASSES]),
    keepLast: fc.option(fc.nat(4), { nil: undefined }),
    olderThan: fc.option(fc.constantFrom('1d', '30d').map(parseAge), { nil: undefined }),
    per: fc.constantFrom(undefined, 'major', 'minor', 'release'),
    keep: fc.array(fc.constantFrom('>=1', '2*', '==1.*', '*rc*').map(parseKeep), { maxLength: 2 }),
    trustCreated: fc.boolean(),
    evenAll: fc.boolean(),
    untagged: fc.boolean(),
  });

  it('takes only what a rule names, and tells of each version once', () => {
    fc.assert(
      fc.property(versions, rules, (all, given) => {
        const fates = planPrune(all, [], given, NOW);
        expect(fates.map(({ tag }) => tag).sort()).toEqual(all.map(({ tag }) => tag).sort());
        for (const fate of fates.filter(({ goes }) => goes)) {
          expect(given.classes).toContain(classOf(fate.version));
          expect(given.keep.some((keep) => keep.keeps(fate.version, fate.tag))).toBe(false);
          expect(given.keepLast !== undefined || given.olderThan !== undefined).toBe(true);
          if (given.olderThan) expect(NOW - (fate.created ?? NOW)).toBeGreaterThan(given.olderThan.milliseconds);
        }
      }),
    );
  });

  it('splits no index', () => {
    fc.assert(
      fc.property(versions, rules, (all, given) => {
        const fates = planPrune(all, [], given, NOW);
        const gone = new Set(fates.filter(({ goes }) => goes).map(({ digest }) => digest));
        expect(fates.filter(({ goes, digest }) => !goes && gone.has(digest))).toEqual([]);
      }),
    );
  });

  it('leaves so many of the newest in each class and line', () => {
    fc.assert(
      fc.property(versions, rules, fc.nat(4), (all, given, keepLast) => {
        const fates = planPrune(all, [], { ...given, keepLast }, NOW);
        const groupOf = ({ version }: Fate): string =>
          `${classOf(version)} ${given.per ? lineOf(version, given.per) : ''}`;
        for (const group of new Set(fates.map(groupOf))) {
          const own = fates.filter((fate) => groupOf(fate) === group);
          const left = new Set(own.filter(({ goes }) => !goes).map(({ digest }) => digest));
          const there = new Set(own.map(({ digest }) => digest)).size;
          expect(left.size).toBeGreaterThanOrEqual(Math.min(keepLast, there));
        }
      }),
    );
  });

  it('takes nothing more once it was carried out, and no more if more is kept', () => {
    fc.assert(
      fc.property(versions, rules, (all, given) => {
        const going = planPrune(all, [], given, NOW).filter(({ goes }) => goes);
        const left = all.filter(({ tag }) => !going.some((gone) => gone.tag === tag));
        expect(planPrune(left, [], given, NOW).filter(({ goes }) => goes)).toEqual([]);
        const stricter = { ...given, keepLast: (given.keepLast ?? 0) + 1 };
        const fewer = planPrune(all, [], stricter, NOW).filter(({ goes }) => goes);
        if (given.keepLast !== undefined || given.olderThan) {
          expect(going.map(({ tag }) => tag)).toEqual(expect.arrayContaining(fewer.map(({ tag }) => tag)));
        }
      }),
    );
  });

  it('does not depend on the order in which the versions are told', () => {
    fc.assert(
      fc.property(versions, rules, (all, given) => {
        expect(planPrune([...all].reverse(), [], given, NOW)).toEqual(planPrune(all, [], given, NOW));
      }),
    );
  });
});
